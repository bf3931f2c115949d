using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

// Results are kept beside the load results, with what they were measured on. The least of many short iterations is what the code costs: other work on the machine only adds.
// A dry run only shows that everything works, which a Debug build may do as well.
var config = ManualConfig.Create(DefaultConfig.Instance).AddColumn(StatisticColumn.Min)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile | (args.Contains("dry") ? ConfigOptions.DisableOptimizationsValidator : 0));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
