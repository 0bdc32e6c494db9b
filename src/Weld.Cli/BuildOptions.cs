using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker.Options;
using static Weld.Linker.Options.OptionDashes;
using static Weld.Linker.Options.OptionShape;

namespace Weld.Cli;

/// <summary>What <c>weld build</c> makes.</summary>
internal enum EmitKind
{
    /// <summary>A linked module.</summary>
    Module,

    /// <summary>A relocatable object of each file.</summary>
    Object,

    /// <summary>A listing of the machine code before it has numbers.</summary>
    Mir,

    /// <summary>WebAssembly's text format.</summary>
    Wat,
}

/// <summary>The options that <c>weld build</c> has besides the linker's.</summary>
internal sealed class BuildOptions
{
    private readonly DiagnosticBag _diagnostics;
    private WasmFeatures _cpu = WasmFeatures.Default;
    private WasmFeatures _added;
    private WasmFeatures _removed;

    public BuildOptions(DiagnosticBag diagnostics)
    {
        _diagnostics = diagnostics;
        Own =
        [
            new() { Spellings = [new("c", One, Flag)], Help = "Compile, and do not link: --emit=obj", Apply = (_, _) => Emit = EmitKind.Object },
            new()
            {
                Spellings = [new("emit=", Two, Joined)], Metavar = "[wasm,obj,mir,wat]",
                Help = "Write a linked module (default), objects, or a listing", Apply = (_, a) => SetEmit(a.Value!),
            },
            new()
            {
                Spellings = [new("target-features=", Two, Joined)], Metavar = "<+a,-b>",
                Help = "Generate code with feature a and without feature b", Apply = (_, a) => SetFeatures(a.Value!),
            },
            new()
            {
                Spellings = [new("mcpu=", One, Joined)], Metavar = "[mvp,generic]",
                Help = "Features to start from: none, or those of every engine (default)", Apply = (_, a) => SetCpu(a.Value!),
            },
            .. CodeGenTarget.AllNames.SelectMany(FeatureRows),
        ];
    }

    /// <summary>The options that the linker does not have.</summary>
    public Option[] Own { get; }

    public EmitKind Emit { get; private set; }

    public WasmFeatures Features => (_cpu | _added) & ~_removed;

    /// <summary>The text of <c>weld build --help</c>.</summary>
    public string Help() => $"""
        OVERVIEW: compile AIR, and link it with objects and archives

        USAGE: weld build [options] file...

        Inputs that end in .air, and - for the standard input, are compiled; all others are the linker's. -m wasm64 is for 64-bit
        addresses. Every option of the linker is valid too: weld --help.

        OPTIONS:
        {OptionHelp.PrintRows(Own.Where(static row => !IsFeature(row)))}  -m<feature>, -mno-<feature>
                                    Generate code with or without one of these:
        {string.Concat(CodeGenTarget.AllNames.Select(static name => $"{new string(' ', 30)}{name}\n"))}
        """;

    private static bool IsFeature(Option row) => row.Metavar is null && row.Spellings[0].Name.StartsWith('m');

    private Option[] FeatureRows(string name) =>
    [
        new() { Spellings = [new($"m{name}", One, Flag)], Help = $"Generate code with {name}", Apply = (_, _) => SetFeature(name, isOn: true) },
        new() { Spellings = [new($"mno-{name}", One, Flag)], Help = $"Generate code without {name}", Apply = (_, _) => SetFeature(name, isOn: false) },
    ];

    private void SetEmit(string value)
    {
        EmitKind? kind = value switch
        {
            "wasm" => EmitKind.Module,
            "obj" => EmitKind.Object,
            "mir" => EmitKind.Mir,
            "wat" => EmitKind.Wat,
            _ => null,
        };
        if (kind is { } known)
            Emit = known;
        else
            _diagnostics.Add(CommandErrors.UnknownEmit(value));
    }

    private void SetCpu(string value)
    {
        if (value is "mvp" or "generic")
            _cpu = value == "mvp" ? WasmFeatures.None : WasmFeatures.Default;
        else
            _diagnostics.Add(CommandErrors.UnknownCpu(value));
    }

    private void SetFeatures(string list)
    {
        foreach (string item in list.Split(','))
            if (item.Length < 2 || item[0] is not ('+' or '-') || !SetFeature(item[1..], isOn: item[0] == '+'))
                _diagnostics.Add(CommandErrors.UnknownFeature(item, CodeGenTarget.AllNames));
    }

    private bool SetFeature(string name, bool isOn)
    {
        if (CodeGenTarget.Find(name) is not { } feature)
            return false;
        _added = isOn ? _added | feature : _added & ~feature;
        _removed = isOn ? _removed & ~feature : _removed | feature;
        return true;
    }
}
