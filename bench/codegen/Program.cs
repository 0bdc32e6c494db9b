using System.Diagnostics;
using System.Globalization;
using Weld.Air;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.CodeGen.Bench;
using Weld.Mir.Modules;

// Weld.CodeGen.Bench FUNCTIONS STATEMENTS [FILE.ll]: compiles generated functions to an object in memory, on one thread, and prints the
// best of some runs; writes the same functions as LLVM IR.
// Weld.CodeGen.Bench --flush FUNCTIONS STATEMENTS: writes a module again after changes.
if (args is ["--flush", var flushed, var length])
{
    FlushBenchmark.Run(int.Parse(flushed, CultureInfo.InvariantCulture), int.Parse(length, CultureInfo.InvariantCulture));
    return;
}
int functions = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2000;
int statements = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 60;
(AirModule module, string llvm, long instructions) = ProgramGenerator.Make(functions, statements);
if (args.Length > 2)
    File.WriteAllText(args[2], llvm);
double best = double.MaxValue;
double bestCompile = double.MaxValue;
int size = 0;
for (int run = 0; run < 12; run++)
{
    long start = Stopwatch.GetTimestamp();
    var diagnostics = new DiagnosticBag();
    ModuleObject mir = ModuleCompiler.Compile(module, CodeGenTarget.Wasm32, diagnostics);
    double compile = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    ReadOnlyMemory<byte> bytes = mir.Read(diagnostics)!.Value;
    double all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    if (diagnostics.HasErrors)
        throw new InvalidOperationException(diagnostics.Diagnostics[0].ToString());
    best = Math.Min(best, all);
    bestCompile = Math.Min(bestCompile, compile);
    size = bytes.Length;
    if (run == 11 && args.Length > 3)
        File.WriteAllBytes(args[3], bytes.Span);
}
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{functions} functions, {instructions} instructions, {size} bytes: {best:F1} ms ({bestCompile:F1} ms to MIR), {instructions / best / 1000:F2} million instructions/s, {functions / best * 1000:F0} functions/s"));
