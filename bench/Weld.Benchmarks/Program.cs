using BenchmarkDotNet.Running;
using Weld.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(StageBenchmark).Assembly).Run(args, new InProcessConfig());
