using Weld.Air.Generator;
using Weld.Air.Text;
using Weld.Air.Tests.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Interpretation;

/// <summary>Random programs are valid, the same for the same seed, and mean the same after printing and parsing.</summary>
public sealed class GeneratorTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1000, 40).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Programs_are_valid_and_survive_their_text(ulong seed)
    {
        if (ProgramGenerator.Generate(seed, GeneratorOptions.All) is not { } program)
            return;
        var diagnostics = new DiagnosticBag();
        Assert.True(Verifier.Run(program.Module, AirTarget.Wasm32, diagnostics), string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
        IReadOnlyList<ulong?>? results = program.Interpret();
        Assert.NotNull(results);
        string text = AirText.Print(program.Module);
        Assert.Equal(text, AirText.Print(ProgramGenerator.Generate(seed, GeneratorOptions.All)!.Module));
        Assert.Equal(text, AirText.Print(ProgramGenerator.Generate(program.Choices, GeneratorOptions.All)!.Module));
        AirModule parsed = Parsing.Succeeds(text);
        Assert.Equal(text, AirText.Print(parsed));
        Assert.Equal(results, (program with { Module = parsed, Entries = [.. program.Entries.Select(entry => parsed.Functions.Single(function => function.Name == entry.Name))] }).Interpret());
    }

    [Fact]
    public void Few_programs_take_too_long_and_most_do_something()
    {
        GeneratedProgram?[] programs = [.. Enumerable.Range(1, 200).Select(seed => ProgramGenerator.Generate((ulong)seed, new GeneratorOptions()))];
        Assert.InRange(programs.Count(static program => program is null), 0, 20);
        Assert.InRange(programs.Count(static program => program?.Module.Functions.Sum(static function => function.Body!.Count) > 200), 80, 200);
        Assert.InRange(programs.Count(static program => program?.Interpret()!.Any(static result => result is null) == true), 5, 100);
    }

    [Fact]
    public void Together_the_programs_have_every_instruction_that_codegen_has()
    {
        var found = new HashSet<AirOpcode>();
        for (ulong seed = 1; seed <= 200; seed++)
            foreach (AirFunction function in ProgramGenerator.Generate(seed, GeneratorOptions.All)?.Module.Functions ?? [])
                found.UnionWith(function.Body!.Opcodes.ToArray());
        string[] missing = [.. Enum.GetValues<AirOpcode>().Except(found).Where(static opcode => IsExpected(opcode)).Select(static opcode => AirOpcodeTable.Get(opcode).Name)];
        Assert.Empty(missing);
    }

    // What has no result that wasm must give bit for bit, no end, or nothing to compare.
    private static bool IsExpected(AirOpcode opcode) => AirOpcodeTable.Get(opcode) is
    {
        Group: not (OpcodeGroup.Debug or OpcodeGroup.Machine),
        Flags: var flags,
    } && (flags & OpcodeFlags.IsOptimized) == 0 && opcode is not (
        AirOpcode.Sin or AirOpcode.Cos or AirOpcode.Tan or AirOpcode.Exp or AirOpcode.Exp2 or AirOpcode.Log or AirOpcode.Log2 or AirOpcode.Log10
        or AirOpcode.Trap or AirOpcode.Breakpoint or AirOpcode.Unreach or AirOpcode.CVaStart or AirOpcode.CVaArg or AirOpcode.CVaCopy or AirOpcode.CVaEnd
        or AirOpcode.ThreadLocalPtr or AirOpcode.MemoryWait or AirOpcode.MemoryNotify or AirOpcode.WasmMemoryGrow or AirOpcode.WasmMemorySize or AirOpcode.AddrspaceCast
        or AirOpcode.Prefetch or AirOpcode.CmpxchgWeak or AirOpcode.Arg);

    [Fact]
    public void The_shrinker_finds_what_matters()
    {
        static bool Divides(GeneratedProgram program) => program.Module.Functions.Any(static function => function.Body!.Opcodes.Contains(AirOpcode.DivFloor));
        GeneratedProgram program = Enumerable.Range(1, 100).Select(static seed => ProgramGenerator.Generate((ulong)seed, new GeneratorOptions())).First(static program => program is not null && Divides(program))!;
        GeneratedProgram small = ProgramShrinker.Shrink(program, new GeneratorOptions(), Divides);
        Assert.True(Divides(small));
        AirFunction[] functions = [.. small.Module.Functions];
        Assert.InRange(functions.Sum(static function => function.Body!.Count), 1, 40);
    }
}
