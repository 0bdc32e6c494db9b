using System.Diagnostics;
using System.Globalization;
using Weld.Air.Differential;
using Weld.Air.Generator;
using Weld.Air.Layouts;
using Weld.Air.Text;
using Weld.CodeGen;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
GeneratorOptions generated = (options.HasAll ? GeneratorOptions.All : new GeneratorOptions()) with { Target = options.Is64 ? AirTarget.Wasm64 : AirTarget.Wasm32 };
if (options.Prints)
{
    Console.Write(ProgramGenerator.Generate(options.Seed, generated) is { } printed ? AirText.Print(printed.Module) : "; takes too long\n");
    return 0;
}
var clock = Stopwatch.StartNew();
using WasmRun? wasm = options.OnlyInterpreter ? null : new WasmRun(options.Is64 ? CodeGenTarget.Wasm64 : CodeGenTarget.Wasm32);
var comparison = new Comparison(wasm);
int done = 0;
int left = 0;
var generating = new Stopwatch();
var failures = new List<(ulong Seed, string Text)>();
for (ulong seed = options.Seed; done < options.Count && failures.Count < options.MostFailures; seed++)
{
    generating.Start();
    GeneratedProgram? program = ProgramGenerator.Generate(seed, generated);
    generating.Stop();
    if (program is null)
    {
        left++;
        continue;
    }
    done++;
    int leftOut = comparison.LeftOut;
    if (comparison.Check(program) is not { } failure)
    {
        done -= comparison.LeftOut - leftOut;
        continue;
    }
    GeneratedProgram small = options.Shrinks ? ProgramShrinker.Shrink(program, generated, candidate => comparison.Check(candidate)?.Kind == failure.Kind) : program;
    Failure shown = comparison.Check(small) ?? failure;
    string text = $"## seed {seed}: {shown.Kind}\n\nexpected `{shown.Expected}`, actual `{shown.Actual}`\n\n```air\n{AirText.Print(small.Module)}```\n";
    failures.Add((seed, text));
    Console.WriteLine(text);
    if (options.Report is not null)
        File.AppendAllText(options.Report, "\n" + text);
}
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{left} seeds left out (too many steps), {comparison.LeftOut} (no library); {clock.Elapsed.TotalSeconds:0.0} s: generate {generating.Elapsed.TotalSeconds:0.0} s, {wasm?.Times}"));
Console.WriteLine($"differential: {done - failures.Count} passed, {failures.Count} failed (count {options.Count}, seed {options.Seed})");
return failures.Count == 0 ? 0 : 1;
