using System.Globalization;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;

namespace Weld.Linker.Options;

/// <summary>Turns parsed options into <see cref="LinkOptions"/>: "last one wins", values, and defaults that depend on other options.</summary>
/// <remarks>Counterparts in wasm-ld: readConfigs and setConfigs. The rows of <see cref="OptionTable"/> set these properties.</remarks>
public sealed class OptionReader
{
    private readonly DiagnosticBag _diagnostics;
    private readonly List<string> _unknownZKeys = [];

    private OptionReader(DiagnosticBag diagnostics) => _diagnostics = diagnostics;

    public LinkOptions Options { get; } = new();

    /// <summary><c>--entry</c>; empty for <c>--no-entry</c>; null when neither was given.</summary>
    public string? Entry { get; set; }

    public bool? GcSections { get; set; }

    public bool? MergeDataSegments { get; set; }

    public bool? ExportDynamic { get; set; }

    public string? MemoryExport { get; set; }

    public ulong TableBase { get; set; }

    public bool AllowUndefined { get; set; }

    public bool WarnsOfUnresolved { get; set; }

    /// <summary>The value of <c>--unresolved-symbols</c>.</summary>
    public UnresolvedPolicy? Unresolved { get; set; }

    public bool PrintsMap { get; set; }

    /// <summary>Reads all options.</summary>
    public static LinkOptions Read(List<ParsedArgument> arguments, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var reader = new OptionReader(diagnostics);
        reader.Options.Arguments = arguments;
        for (int i = 0; i < arguments.Count; i++)
        {
            ParsedArgument argument = arguments[i];
            if (argument.Option is not Option option)
                reader.Options.Inputs.Add(new InputArgument(InputArgumentKind.File, argument.Value!));
            else if (option.Status == OptionStatus.Ignored)
                reader.Ignore(argument, isLast: IsLast(arguments, i));
            else if (option.Apply is not null && (!option.IsLastOnly || IsLast(arguments, i)))
                option.Apply(reader, argument);
        }
        reader.Finish();
        return reader.Options;
    }

    /// <summary>Refuses the options whose absence would give another module than the one asked for.</summary>
    public static void RefuseNotImplemented(List<ParsedArgument> arguments, LinkOptions options, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var refused = new HashSet<Option>();
        foreach (ParsedArgument argument in arguments)
            if (argument.Option is { Status: OptionStatus.NotYet } option && refused.Add(option) && !IsTurnedOff(option, options))
                diagnostics.Add(OptionErrors.NotImplemented(option.Name));
    }

    public void SetUnresolved(string value)
    {
        switch (value)
        {
            case "ignore-all":
                Unresolved = UnresolvedPolicy.Ignore;
                break;
            case "import-dynamic":
                Unresolved = UnresolvedPolicy.ImportDynamic;
                break;
            case "report-all":
                break;
            default:
                _diagnostics.Add(OptionErrors.UnknownUnresolvedPolicy(value));
                break;
        }
    }

    public void SetIcf(string value)
    {
        switch (value)
        {
            case "none":
                Options.Icf = IcfMode.None;
                break;
            case "safe":
                Options.Icf = IcfMode.Safe;
                break;
            case "all":
                Options.Icf = IcfMode.All;
                break;
            default:
                _diagnostics.Add(OptionErrors.UnknownIcf(value));
                break;
        }
    }

    public void SetBuildId(string? value)
    {
        switch (value)
        {
            case null or "fast":
                Options.BuildId = BuildIdKind.Fast;
                break;
            case "sha1" or "tree":
                Options.BuildId = BuildIdKind.Sha1;
                break;
            case "uuid":
                Options.BuildId = BuildIdKind.Uuid;
                break;
            case "none":
                Options.BuildId = BuildIdKind.None;
                break;
            default:
                if (value.StartsWith("0x", StringComparison.Ordinal))
                {
                    Options.BuildId = BuildIdKind.HexString;
                    Options.BuildIdBytes = ParseHex(value.AsSpan(2));
                }
                else
                {
                    _diagnostics.Add(OptionErrors.UnknownBuildId(value));
                }
                break;
        }
    }

    public void SetMachine(string value)
    {
        if (value is "wasm32" or "wasm64")
            Options.Is64 = value == "wasm64";
        else
            _diagnostics.Add(OptionErrors.UnknownMachine(value));
    }

    public void SetMemoryImport(string? value)
    {
        if (value is null)
        {
            // With a name it wins, whatever the order.
            Options.MemoryImport ??= ("env", "memory");
            return;
        }
        int comma = value.IndexOf(',', StringComparison.Ordinal);
        Options.MemoryImport = comma < 0 ? ("env", value) : (value[..comma], value[(comma + 1)..]);
    }

    public void SetPageSize(ParsedArgument argument)
    {
        ulong size = ReadSize(argument);
        if (size is 1 or 65536)
            Options.PageSize = size;
        else
            _diagnostics.Add(OptionErrors.PageSize());
    }

    public void SetThreads(ParsedArgument argument)
    {
        if (NumberParser.TryParsePrefixed(argument.Value!, out ulong threads) && threads is > 0 and <= uint.MaxValue)
            Options.Threads = (int)Math.Min(threads, int.MaxValue);
        else
            _diagnostics.Add(OptionErrors.PositiveExpected(argument.Option!.Name, argument.Value!));
    }

    public void SetOptimize(ParsedArgument argument) =>
        Options.Optimize = ForeignKeywords.OptimizeLevel(argument.Value!) ?? (int)Math.Min(ReadSize(argument), int.MaxValue);

    public void SetMapFormat(string value)
    {
        Options.MapIsJson = value == "json";
        if (value is not ("json" or "text"))
            _diagnostics.Add(OptionErrors.UnknownMapFormat(value));
    }

    public void SetErrorLimit(ParsedArgument argument)
    {
        // A negative limit is never reached.
        ulong limit = ReadSize(argument);
        Options.ErrorLimit = limit > int.MaxValue ? 0 : (int)limit;
    }

    public void SetLtoLevel(ParsedArgument argument, bool isCodeGeneration)
    {
        ulong level = ReadSize(argument);
        if (level > 3)
            _diagnostics.Add(OptionErrors.LtoLevel(isCodeGeneration ? "codegen optimization level" : "optimization level", argument.Value!));
        else if (isCodeGeneration)
            Options.LtoCodeGenerationLevel = (int)level;
        else
            Options.LtoLevel = (int)level;
    }

    public void AddZ(string value)
    {
        const string StackSize = "stack-size=";
        if (value == "muldefs")
            Options.AllowMultipleDefinition = true;
        else if (value == "stack-size" || value.StartsWith(StackSize, StringComparison.Ordinal))
            SetStackSize(value.Length > StackSize.Length ? value[StackSize.Length..] : "");
        if (ForeignKeywords.IsKnownZ(value))
            Options.IgnoredOptions.Add($"-z {value}");
        else if (!value.StartsWith(StackSize, StringComparison.Ordinal) && !value.StartsWith("muldefs", StringComparison.Ordinal))
            _unknownZKeys.Add(value);
    }

    public void SetColor(ParsedArgument argument)
    {
        switch (argument.Value)
        {
            case null or "always":
                Options.Color = ColorMode.Always;
                break;
            case "never":
                Options.Color = ColorMode.Never;
                break;
            case "auto":
                Options.Color = ColorMode.Auto;
                break;
            default:
                _diagnostics.Add(OptionErrors.UnknownColorMode(argument.Value));
                break;
        }
    }

    /// <summary>Reads a decimal number. A negative one is taken as 64 bits without a sign, as wasm-ld does; it is out of range later.</summary>
    public ulong ReadSize(ParsedArgument argument)
    {
        if (long.TryParse(argument.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && argument.Value[0] != '+')
            return unchecked((ulong)number);
        _diagnostics.Add(OptionErrors.NumberExpected(argument.Text, argument.Value ?? ""));
        return 0;
    }

    /// <summary>Checks the value of an option that does nothing, and remembers that it was there.</summary>
    private void Ignore(ParsedArgument argument, bool isLast)
    {
        Options.IgnoredOptions.Add(argument.IsValueSeparate ? $"{argument.Text} {argument.Value}" : argument.Text);
        if (!argument.Option!.IsLastOnly || isLast)
            argument.Option.Apply?.Invoke(this, argument);
    }

    private static bool IsLast(List<ParsedArgument> arguments, int index)
    {
        for (int i = index + 1; i < arguments.Count; i++)
            if (ReferenceEquals(arguments[i].Option, arguments[index].Option))
                return false;
        return true;
    }

    /// <summary>Whether a later <c>--no-</c> form took the option back.</summary>
    private static bool IsTurnedOff(Option option, LinkOptions options) => option.Name == "--pie" && !options.Pie;

    private static List<string> SplitList(string value) => [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private void SetStackSize(string value)
    {
        if (NumberParser.TryParsePrefixed(value, out ulong size))
            Options.StackSize = size;
        else
            _diagnostics.Add(OptionErrors.StackSize(value));
    }

    private byte[] ParseHex(ReadOnlySpan<char> digits)
    {
        var bytes = new byte[(digits.Length + 1) / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            ReadOnlySpan<char> pair = digits.Slice(i * 2, Math.Min(2, digits.Length - (i * 2)));
            if (byte.TryParse(pair, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                continue;
            _diagnostics.Add(OptionErrors.HexExpected(pair.ToString()));
            return [];
        }
        return bytes;
    }

    private void Finish()
    {
        LinkOptions options = Options;
        _diagnostics.FatalWarnings = options.FatalWarnings;
        foreach (string key in _unknownZKeys)
            _diagnostics.Add(OptionErrors.UnknownZ(key));
        options.Entry = Entry ?? (options.Relocatable ? "" : options.Shared ? "__wasm_call_ctors" : "_start");
        options.GcSections = GcSections ?? !options.Relocatable;
        options.MergeDataSegments = MergeDataSegments ?? !options.Relocatable;
        options.ExportDynamic = ExportDynamic ?? options.Shared;
        options.UnresolvedSymbols = Unresolved ?? (WarnsOfUnresolved ? UnresolvedPolicy.Warn : UnresolvedPolicy.ReportError);
        if (AllowUndefined)
        {
            options.ImportUndefined = true;
            options.UnresolvedSymbols = UnresolvedPolicy.Ignore;
        }
        if (PrintsMap)
            options.MapFile = "-";
        if (options.TimeTraceFile?.Length == 0)
            options.TimeTraceFile = $"{options.OutputFile}.time-trace";
        if (options.MaxMemory != 0 && options.NoGrowableMemory)
            _diagnostics.Add(OptionErrors.GrowthConflict());
        FinishTarget(options);
        if (options.SeparateDebugFile is null)
            return;
        if (options.SeparateDebugFile.Length == 0)
            options.SeparateDebugFile = options.OutputFile + ".debug.wasm";
        // Debuggers compare the two files' ids.
        if (options.BuildId == BuildIdKind.None)
            options.BuildId = BuildIdKind.Fast;
    }

    private void FinishTarget(LinkOptions options)
    {
        // Slot 0 is left empty, so that no function has the null pointer as its address.
        options.TableBase = TableBase != 0 || options.IsPic ? TableBase : 1;
        if (options.IsPic && options.ExportTable)
            _diagnostics.Add(OptionErrors.Incompatible("-shared/-pie is incompatible with --export-table"));
        if (options.Relocatable && options.ExportTable)
            _diagnostics.Add(OptionErrors.Incompatible("--relocatable is incompatible with --export-table"));
        if (options.Relocatable && options.GrowableTable)
            _diagnostics.Add(OptionErrors.Incompatible("--relocatable is incompatible with --growable-table"));
        options.ImportTable |= options.IsPic || options.Relocatable;
        if (options.Shared && MemoryExport is not null)
            _diagnostics.Add(OptionErrors.Incompatible("--export-memory is incompatible with --shared"));
        if (options.Shared)
            options.MemoryImport ??= ("env", "memory");
        options.MemoryExport = MemoryExport ?? (options.MemoryImport is null ? "memory" : null);
    }

    public void SetFeatures(string value) => Options.Features = SplitList(value);

    public void SetExtraFeatures(string value)
    {
        Options.ExtraFeatures.Clear();
        Options.ExtraFeatures.AddRange(SplitList(value));
    }
}
