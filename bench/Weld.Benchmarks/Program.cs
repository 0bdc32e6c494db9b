using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Weld.Benchmarks;

bool isVerbose = Array.Exists(args, static argument => argument is "--help" or "--list" or "--verbose");
string[] arguments = Array.FindAll(args, static argument => argument != "--verbose");
if (arguments.Length == 0)
    arguments = ["--filter", "*"];
IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(StageBenchmark).Assembly).Run(arguments, new InProcessConfig(isVerbose));
foreach (Summary summary in summaries)
    MarkdownExporter.Console.ExportToLog(summary, ConsoleLogger.Default);
return summaries.All(static summary => summary.Reports.All(static report => report.Success)) ? 0 : 1;
