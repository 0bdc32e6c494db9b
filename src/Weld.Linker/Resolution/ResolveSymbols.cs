using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Reports;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <summary>Stage 2, Resolution: which objects are linked, and which definition each name means.</summary>
/// <remarks>Counterpart in wasm-ld: LinkerDriver::linkerMain. The order of the steps decides the order of symbols, of
/// functions and of exports in the output, and which archive members are linked.</remarks>
public sealed class ResolveSymbols
{
    private const int MinimumPerHelper = 8;

    private readonly LinkInputs _inputs;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly SymbolResolver _resolver;
    private readonly LinkerSymbols _linkerSymbols = new();
    private readonly List<(SymbolId Symbol, SymbolId Real, SymbolId Wrap)> _wrapped = [];
    private readonly HashSet<string> _exported;

    private readonly LinkReports _reports;
    private readonly HashSet<string> _allowedUndefined;

    private ResolveSymbols(LinkInputs inputs, LinkOptions options, bool fatalWarnings, LinkReports reports)
    {
        _inputs = inputs;
        _options = options;
        _reports = reports;
        _diagnostics = new DiagnosticBag { FatalWarnings = fatalWarnings };
        _resolver = new SymbolResolver(inputs, options, _diagnostics, reports);
        _allowedUndefined = AllowUndefinedFile.Read(options.AllowUndefinedFiles, _diagnostics);
        if (options.IsPic)
            _allowedUndefined.UnionWith([WellKnownNames.StackPointer, WellKnownNames.MemoryBase, WellKnownNames.TableBase]);
        _exported = [.. options.OptionalExports, .. options.RequiredExports];
    }

    private SymbolTable Symbols => _resolver.Symbols;

    /// <summary>Whether symbols may be added before it is known that all inputs can be read: not if somebody is told about each.</summary>
    public static bool MayBeginEarly(LinkOptions options, LinkReports reports)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reports);
        return !options.Trace && reports.Log is null && reports.Symbols is null;
    }

    /// <summary>Adds the symbols of all inputs, and parses the inputs that are not parsed yet.</summary>
    /// <param name="inputs">The inputs. When one of them has <see cref="LinkInput.Problems"/> afterwards, there is nothing to finish.</param>
    /// <param name="options">How to link.</param>
    /// <param name="fatalWarnings">Whether warnings are errors.</param>
    /// <param name="reports">Receive what happens.</param>
    public static ResolveSymbols Begin(LinkInputs inputs, LinkOptions options, bool fatalWarnings, LinkReports reports)
    {
        var stage = new ResolveSymbols(inputs, options, fatalWarnings, reports);
        stage.AddLinkerSymbols();
        stage.AddAll();
        return stage;
    }

    /// <summary>As <see cref="Begin"/>, for inputs of which none is parsed yet.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="options">How to link.</param>
    /// <param name="diagnostics">Receives which of them cannot be read. What else is found waits for <see cref="Finish(DiagnosticBag)"/>.</param>
    /// <param name="reports">Receive what happens.</param>
    public static ResolveSymbols BeginEarly(LinkInputs inputs, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        ResolveSymbols stage = Begin(inputs, options, diagnostics.FatalWarnings, reports);
        InputParser.Report(inputs, diagnostics);
        return stage;
    }

    /// <summary>Finds what each name means.</summary>
    /// <param name="diagnostics">Receives all that was found since <see cref="Begin"/>.</param>
    /// <returns>Null when <paramref name="diagnostics"/> holds errors.</returns>
    public ResolvedProgram? Finish(DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        ResolvedProgram? program = Finish();
        diagnostics.AddRange(_diagnostics.Diagnostics);
        return program;
    }

    private ResolvedProgram? Finish()
    {
        _resolver.ReportMemoryModel();
        if (_diagnostics.HasErrors)
            return null;
        SymbolId entry = AddNamedByOptions();
        _resolver.ReportMemoryModel();
        if (_diagnostics.HasErrors)
            return null;
        _reports.Extractions = _resolver.Extractions;
        AddWrapped();
        if (_diagnostics.HasErrors)
            return null;
        _resolver.ProcessStubLibraries();
        if (_diagnostics.HasErrors)
            return null;
        AddOptionalSymbols();
        ApplyWraps();
        _resolver.CheckBindings();
        _resolver.ResolveVariants();
        if (_diagnostics.HasErrors)
            return null;
        if (_options.Relocatable)
            _resolver.KeepWeakReferences();
        MarkExports();
        if (!_options.Relocatable && !_options.IsPic)
            _resolver.StubWeakUndefined();
        if (!entry.IsNone)
            Symbols[entry].Flags &= ~SymbolFlags.Hidden;
        if (_diagnostics.HasErrors)
            return null;
        // Otherwise they are needed once, when they are applied.
        if ((_options.Relocatable || _options.EmitRelocs || !_options.GcSections) && !_resolver.CheckCustomRelocations())
            return null;
        return MakeProgram(entry);
    }

    /// <summary>One thread adds inputs in their order. The others parse them ahead of it, and then the archive members that it will probably need.</summary>
    private void AddAll()
    {
        int threads = Workers.Count(_options.Threads);
        // There are many members in an archive: that is worth a thread.
        int helpers = Math.Min(threads - 1, 1 + (_inputs.Count / MinimumPerHelper));
        var parser = new InputParser(_inputs, _reports);
        var prediction = new MemberPrediction(_inputs, _options, _reports);
        int parsing = helpers;
        Workers.ForEach(
            1 + helpers,
            threads,
            index =>
            {
                if (index == 0)
                {
                    _resolver.AddAll(parser);
                    prediction.Stop();
                    return;
                }
                parser.ParseAll();
                if (Interlocked.Decrement(ref parsing) == 0)
                    prediction.Run();
            },
            minimumPerThread: 1);
    }

    private ValueType AddressType => _options.Is64 == true ? ValueType.I64 : ValueType.I32;

    /// <summary>Symbols that every link has, before all files.</summary>
    private void AddLinkerSymbols()
    {
        if (_options.Relocatable)
            return;
        SignatureId none = _resolver.Signatures.Intern(Signature.Create([], []));
        _linkerSymbols.CallCtors = _resolver.AddSyntheticFunction(WellKnownNames.CallCtors, none, SymbolFlags.Hidden);
        var variable = new GlobalType(AddressType, IsMutable: true);
        var constant = new GlobalType(AddressType, IsMutable: false);
        if (_options.IsPic)
        {
            // Who loads the module decides these.
            Symbols[_linkerSymbols.CallCtors].Marks |= SymbolMarks.AlwaysLive;
            _linkerSymbols.StackPointer = _resolver.AddUndefinedGlobal(WellKnownNames.StackPointer, variable);
            _linkerSymbols.MemoryBase = _resolver.AddUndefinedGlobal(WellKnownNames.MemoryBase, constant);
            _linkerSymbols.TableBase = _resolver.AddUndefinedGlobal(WellKnownNames.TableBase, constant);
            Symbols[_linkerSymbols.MemoryBase].Marks |= SymbolMarks.AlwaysLive;
            Symbols[_linkerSymbols.TableBase].Marks |= SymbolMarks.AlwaysLive;
        }
        else
        {
            _linkerSymbols.StackPointer = _resolver.AddSyntheticGlobal(WellKnownNames.StackPointer, variable, SymbolFlags.None);
            Symbols[_linkerSymbols.StackPointer].Marks |= SymbolMarks.AlwaysLive;
        }
        if (!_options.SharedMemory)
            return;
        _linkerSymbols.TlsBase = _resolver.AddSyntheticGlobal(WellKnownNames.TlsBase, variable, SymbolFlags.Hidden);
        _linkerSymbols.TlsSize = _resolver.AddSyntheticGlobal(WellKnownNames.TlsSize, constant, SymbolFlags.Hidden);
        _linkerSymbols.TlsAlign = _resolver.AddSyntheticGlobal(WellKnownNames.TlsAlign, constant, SymbolFlags.Hidden);
        SignatureId takesAddress = _resolver.Signatures.Intern(Signature.Create([AddressType], []));
        _linkerSymbols.InitTls = _resolver.AddSyntheticFunction(WellKnownNames.InitTls, takesAddress, SymbolFlags.Hidden);
    }

    /// <summary>Symbols that options name, which may extract archive members.</summary>
    /// <returns>The entry.</returns>
    private SymbolId AddNamedByOptions()
    {
        foreach (string name in _options.Undefined)
            Use(name, "<internal>");
        foreach (string name in _options.OptionalExports)
            Use(name, "--export");
        foreach (string name in _options.RequiredExports)
            Use(name, "--export");
        SymbolId entry = AddEntry();
        AddCallDtors();
        return entry;
    }

    private SymbolId AddEntry()
    {
        if (_options.Entry.Length == 0)
            return SymbolId.None;
        SymbolId entry = Use(_options.Entry, "--entry");
        if (!entry.IsNone && Symbols[entry].IsDefined)
        {
            Symbols[entry].Marks |= SymbolMarks.ForceExport;
            return entry;
        }
        _diagnostics.Add(ResolutionErrors.EntryNotDefined(_options.Entry, EntryHints()));
        return SymbolId.None;
    }

    private string[] EntryHints()
    {
        if (_options.Entry != "_start")
            return NearNames.Find(Utf8String.FromText(_options.Entry), DefinedNames()) is NearName near ? [$"did you mean: {near.Name}"] : [];
        foreach (string main in (ReadOnlySpan<string>)["main", "__main_argc_argv", "__main_void", "__original_main"])
            if (!Symbols.Find(main).IsNone)
                return [$"{main} is there, but no start-up object such as crt1.o calls it", "link through clang without -nostartfiles, or pass --entry=NAME or --no-entry"];
        return ["looked for _start (from a start-up object such as crt1.o); main and __main_argc_argv are not defined either",
            "for a library without entry, pass --no-entry (clang: -mexec-model=reactor or -Wl,--no-entry)"];
    }

    private IEnumerable<Utf8String> DefinedNames()
    {
        for (int place = 0; place < Symbols.PlaceCount; place++)
            if (!Symbols[Symbols.AtPlace(place)].IsUndefined)
                yield return Symbols[Symbols.AtPlace(place)].Name;
    }

    /// <summary>Command exports call <c>__wasm_call_dtors</c> when libc has one and the program does not run constructors itself.</summary>
    private void AddCallDtors()
    {
        if (_options.Relocatable || _options.Shared)
            return;
        ref Symbol callCtors = ref Symbols[_linkerSymbols.CallCtors];
        if (callCtors.Has(SymbolMarks.UsedInRegularObject) || _options.Entry == WellKnownNames.CallCtors || _exported.Contains(WellKnownNames.CallCtors))
            return;
        SymbolId callDtors = Use(WellKnownNames.CallDtors, "<internal>");
        if (callDtors.IsNone)
            return;
        ref Symbol symbol = ref Symbols[callDtors];
        if (!symbol.IsDefined || !symbol.IsFunction)
        {
            _diagnostics.Add(ResolutionErrors.CallDtorsKind(_resolver.FileName(symbol)));
            return;
        }
        Signature signature = _resolver.Signatures[symbol.Signature];
        if (signature.Parameters.Length != 0 || signature.Results.Length != 0)
            _diagnostics.Add(ResolutionErrors.CallDtorsType(_resolver.FileName(symbol)));
        _linkerSymbols.CallDtors = callDtors;
    }

    /// <summary>Counts a symbol as referenced, if anything has it, and extracts it from its archive.</summary>
    private SymbolId Use(string name, string reference)
    {
        SymbolId id = Symbols.Find(name);
        if (id.IsNone)
            return id;
        Symbols[id].Marks |= SymbolMarks.UsedInRegularObject;
        if (Symbols[id].IsLazy)
            _resolver.Extract(id, reference);
        return Symbols.Find(name);
    }

    private void AddWrapped()
    {
        var seen = new HashSet<string>();
        foreach (string name in _options.Wrap)
        {
            if (!seen.Add(name))
                continue;
            SymbolId symbol = Symbols.Find(name);
            if (symbol.IsNone)
                continue;
            SymbolId real = _resolver.AddUndefinedFunction($"__real_{name}");
            SymbolId wrap = _resolver.AddUndefinedFunction($"__wrap_{name}");
            _wrapped.Add((symbol, real, wrap));
            // Whatever stands for the symbol is called as the symbol was.
            if (Symbols[symbol].IsFunction && Symbols[wrap].IsFunction && Symbols[wrap].Signature.IsNone)
                Symbols[wrap].Signature = Symbols[symbol].Signature;
            Symbols[symbol].Marks |= SymbolMarks.UsedInRegularObject;
            Symbols[real].Marks &= ~SymbolMarks.UsedInRegularObject;
        }
    }

    /// <summary>References to a wrapped symbol go to <c>__wrap_</c>, those to <c>__real_</c> to the symbol.</summary>
    private void ApplyWraps()
    {
        if (_wrapped.Count == 0)
            return;
        var map = new Dictionary<int, int>();
        foreach ((SymbolId symbol, SymbolId real, SymbolId wrap) in _wrapped)
        {
            map[symbol.Index] = wrap.Index;
            map[real.Index] = symbol.Index;
        }
        foreach (LinkedObject owner in _resolver.Objects)
            for (int i = 0; i < owner.Bindings.Length; i++)
                if (map.TryGetValue(owner.Bindings[i], out int target))
                    owner.Bindings[i] = target;
        foreach ((SymbolId symbol, SymbolId real, SymbolId wrap) in _wrapped)
        {
            Symbols.Redirect(Symbols[real].Name, Symbols[symbol].Name);
            Symbols.Redirect(Symbols[symbol].Name, Symbols[wrap].Name);
        }
    }

    /// <summary>Addresses that exist only when something names them.</summary>
    private void AddOptionalSymbols()
    {
        if (_options.Relocatable)
            return;
        foreach (string name in WellKnownNames.OptionalData)
        {
            if (!WellKnownNames.HasAddress(name, _options))
                continue;
            SymbolId id = _resolver.AddOptionalData(name, _options.ExportAll || _exported.Contains(name));
            if (!id.IsNone)
                _linkerSymbols.OptionalData.Add(name, id);
        }
        if (!_options.SharedMemory)
            _linkerSymbols.TlsBase = _resolver.AddOptionalGlobal(WellKnownNames.TlsBase, new GlobalType(AddressType, IsMutable: false));
    }

    private void MarkExports()
    {
        foreach (string name in _exported)
        {
            SymbolId id = Symbols.Find(name);
            if (!id.IsNone && Symbols[id].IsDefined)
                Symbols[id].Marks |= SymbolMarks.ForceExport;
        }
    }

    private ResolvedProgram MakeProgram(SymbolId entry) => new()
    {
        Inputs = _inputs,
        Objects = _resolver.LinkOrder,
        SharedLibraries = [.. _inputs.Where(static input => input.Shared is not null)],
        FilesByIndex = _resolver.Objects,
        Symbols = Symbols,
        Signatures = _resolver.Signatures,
        SyntheticFunctions = _resolver.SyntheticFunctions,
        SyntheticGlobals = _resolver.SyntheticGlobals,
        LinkerSymbols = _linkerSymbols,
        Entry = entry,
        HasLegacyFunctionTable = _resolver.HasLegacyFunctionTable,
        AllowedUndefined = _allowedUndefined,
        FunctionCount = _resolver.FunctionCount,
        SegmentCount = _resolver.SegmentCount,
        GlobalCount = _resolver.GlobalCount,
        TagCount = _resolver.TagCount,
        TableCount = _resolver.TableCount,
        CustomSectionCount = _resolver.CustomSectionCount,
    };
}
