using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Weld.Benchmarks;

/// <summary>Benchmarks run in this process, which needs no build of its own; what is warm is as in a process that has linked before.</summary>
internal sealed class InProcessConfig : ManualConfig
{
    public InProcessConfig(bool isVerbose)
    {
        AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(40).WithIterationCount(30));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Metrics);
        AddColumn(StatisticColumn.Median, StatisticColumn.Q1, StatisticColumn.Q3);
        AddExporter(MarkdownExporter.GitHub);
        AddLogger(isVerbose ? ConsoleLogger.Default : NullLogger.Instance);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared));
        WithSummaryStyle(BenchmarkDotNet.Reports.SummaryStyle.Default.WithTimeUnit(Perfolizer.Horology.TimeUnit.Millisecond));
        WithArtifactsPath(Path.Combine(BenchmarkInput.Root, "artifacts", "bench", "stages"));
        WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
    }
}
