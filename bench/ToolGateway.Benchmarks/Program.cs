using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ToolGateway.Benchmarks.Audit;

// Results are kept beside the load results, with what they were measured on.
var config = ManualConfig.Create(DefaultConfig.Instance).WithOptions(ConfigOptions.DisableLogFile);
BenchmarkSwitcher.FromAssembly(typeof(RecordBenchmarks).Assembly).Run(args, config);
