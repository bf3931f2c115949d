using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ToolGateway.Benchmarks.Audit;

// Results are kept beside the load results, with what they were measured on.
// A dry run only shows that everything works, which a Debug build may do as well.
var config = ManualConfig.Create(DefaultConfig.Instance).WithOptions(ConfigOptions.DisableLogFile | (args.Contains("dry") ? ConfigOptions.DisableOptimizationsValidator : 0));
BenchmarkSwitcher.FromAssembly(typeof(RecordBenchmarks).Assembly).Run(args, config);
