using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Planning;

/// <summary>Stage 4, Plan: decides every index, slot, address and order of the output.</summary>
/// <remarks>Counterpart in wasm-ld: Writer::run. The order of steps is the order in which types, imports, table slots and
/// functions get their numbers.</remarks>
public sealed partial class PlanOutput
{
    // With fewer data segments, a second thread for what can be done meanwhile does not pay.
    private const int SmallProgram = 2_000;

    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly OutputPlan _plan;
    private readonly IndirectFunctionTable _table;

    private PlanOutput(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics, DataPlan data, IReadOnlyCollection<string> features)
    {
        _program = program;
        _live = live;
        _options = options;
        _diagnostics = diagnostics;
        _plan = new OutputPlan
        {
            Program = program,
            Live = live,
            Options = options,
            Data = data,
            Features = features,
            TypeIndex = Filled(program.Signatures.Count),
            FunctionIndex = Filled(program.FunctionCount),
            TableSlot = NoSlots(program.FunctionCount),
            GlobalIndex = Filled(program.GlobalCount),
            TagIndex = Filled(program.TagCount),
            TableNumber = Filled(program.TableCount),
            Targets = new SymbolTarget[program.Symbols.Count],
        };
        _table = IndirectFunctionTable.Resolve(program, live, options, diagnostics);
    }

    private SymbolTable Symbols => _program.Symbols;

    private bool Is64 => _options.Is64 == true;

    private bool HasExtendedConst => _plan.Features.Contains("extended-const");

    /// <returns>Null when <paramref name="diagnostics"/> holds errors.</returns>
    public static OutputPlan? Run(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics, TextWriter report)
    {
        PlanOutput? stage = null;
        PlanCustomSections custom = null!;
        Workers.Both(program.SegmentCount < SmallProgram ? 1 : options.Threads,
            () => stage = PlanIndexSpaces(program, live, options, diagnostics, report),
            () => custom = PlanCustomSections.Run(program, options));
        if (stage is null)
            return null;
        diagnostics.AddRange(custom.Diagnostics.Diagnostics);
        stage._plan.CustomSections = custom.Sections;
        stage._plan.CustomPlaces = custom.Places;
        stage.FillTargets();
        stage.PlanElements();
        stage.WriteStartFunctions();
        stage.PlanDylink();
        stage.CheckMutableGlobals();
        return diagnostics.HasErrors ? null : stage._plan;
    }

    /// <summary>Everything that has a number: data, imports, functions, the table, globals, types, exports.</summary>
    /// <returns>Null when <paramref name="diagnostics"/> holds errors.</returns>
    private static PlanOutput? PlanIndexSpaces(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics, TextWriter report)
    {
        DataPlan data = null!;
        ObjectNeeds[] needs = [];
        Workers.Both(program.SegmentCount < SmallProgram ? 1 : options.Threads,
            () => data = PlaceSegments.Run(program, live, options, diagnostics),
            () => needs = RelocationScan.Run(program, live, options));
        LayOutMemory.Run(data, program, options, diagnostics);
        CheckRequiredExports(program, data, options, diagnostics);
        IReadOnlyCollection<string> features = PlanFeatures.Run(program, live, options, diagnostics);
        data.WritesBss = options.EmitRelocs || (options.MemoryImport is not null && !features.Contains("bulk-memory"));
        if (options.IsPic && !features.Contains("extended-const") && !options.SharedMemory)
            data.Combine();
        var stage = new PlanOutput(program, live, options, diagnostics, data, features);
        if (diagnostics.HasErrors)
            return null;
        // Numbers are given in order, by one thread; names need none.
        bool hasNumbers = false;
        Workers.Both(program.SegmentCount < SmallProgram ? 1 : options.Threads,
            () => hasNumbers = stage.PlanNumbers(needs, report),
            () => stage._plan.FunctionNames = options.Keeps("name") ? FunctionNames.Run(program, live, options) : null);
        return hasNumbers ? stage : null;
    }

    /// <summary>Gives everything but data its number, after what the objects need has been found.</summary>
    /// <returns>False when there are errors.</returns>
    private bool PlanNumbers(ObjectNeeds[] needs, TextWriter report)
    {
        PlanMemory();
        PlanImports();
        MergeNeeds(needs);
        if (_options.Icf != IcfMode.None && !_options.Relocatable)
            FoldFunctions(report);
        FinishTable();
        DeclareStartFunctions();
        PlanFunctions();
        PlanGlobals();
        PlanTagsAndTables();
        PlanInitFunctions();
        if (_diagnostics.HasErrors)
            return false;
        PlanTypes();
        PlanExports();
        return true;
    }

    private static void CheckRequiredExports(ResolvedProgram program, DataPlan data, LinkOptions options, DiagnosticBag diagnostics)
    {
        foreach (string name in options.RequiredExports)
        {
            SymbolId id = program.Symbols.Find(name);
            if (!id.IsNone && (program.Symbols[id].IsDefined || data.LinkerAddresses.ContainsKey(id)))
                continue;
            if (options.UnresolvedSymbols is UnresolvedPolicy.ReportError or UnresolvedPolicy.Warn)
                diagnostics.Add(ResolutionErrors.ExportNotFound(name, options.UnresolvedSymbols == UnresolvedPolicy.Warn,
                    UndefinedReport.Suggestion(program, name) is string near ? [near] : []));
        }
    }

    private void PlanMemory()
    {
        var flags = LimitsFlags.None;
        if (_plan.Data.MaximumPages is not null || _options.SharedMemory)
            flags |= LimitsFlags.HasMaximum;
        if (_options.SharedMemory)
            flags |= LimitsFlags.Shared;
        if (_options.Is64 == true)
            flags |= LimitsFlags.Is64;
        uint pageSizeLog2 = (uint)System.Numerics.BitOperations.Log2(_options.PageSize);
        if (_options.PageSize != 65536)
            flags |= LimitsFlags.HasPageSize;
        _plan.Memory = new Limits(flags, _plan.Data.MinimumPages, _plan.Data.MaximumPages ?? 0, pageSizeLog2);
    }

    /// <summary>Turns what the objects need into types, table slots, GOT globals and stubs, in link order.</summary>
    private void MergeNeeds(ObjectNeeds[] needs)
    {
        var report = new UndefinedReport(_program, _live, _options, _diagnostics);
        for (int i = 0; i < needs.Length; i++)
        {
            LinkedObject owner = _program.Objects[i];
            foreach (uint type in needs[i].Types)
                AddType(owner.Signatures[type]);
            foreach (SymbolReference reference in needs[i].TableFunctions)
                AddTableFunction(reference, needs[i].UsedBeforeAddress.Contains(reference.Row));
            foreach (SymbolReference reference in needs[i].Undefined)
                HandleUndefined(reference, report);
            foreach (SymbolReference reference in needs[i].GotEntries)
                AddGotEntry(reference);
            foreach (SymbolReference reference in needs[i].GotImports)
                AddGotImport(reference.Row);
            foreach ((SymbolReference reference, RelocationKind kind, RelocationProblem problem) in needs[i].Problems)
                _diagnostics.Add(PlanErrors.Relocation(owner.DisplayName, RelocationTable.Get(kind).Name, NameOf(reference), problem));
        }
        report.Finish();
    }

    private void HandleUndefined(SymbolReference reference, UndefinedReport report)
    {
        SymbolId id = reference.Row;
        ref Symbol symbol = ref Symbols[id];
        if (_plan.Data.LinkerAddresses.ContainsKey(id) || _table.IsTable(id) || IsUndefinedAllowed(symbol))
            return;
        if (_options.UnresolvedSymbols == UnresolvedPolicy.ImportDynamic && (_imported.Contains(id) || symbol.Kind is SymbolKind.Function or SymbolKind.Data))
            return;
        // A function can be replaced by a stub and data by 0; the others can only be imported.
        bool canIgnore = symbol.Kind is SymbolKind.Function or SymbolKind.Data || _imported.Contains(id);
        UnresolvedPolicy policy = canIgnore ? _options.UnresolvedSymbols : UnresolvedPolicy.ReportError;
        if (policy is UnresolvedPolicy.ReportError or UnresolvedPolicy.Warn)
            report.Add(reference, policy == UnresolvedPolicy.Warn);
        if (BecomesStub(symbol))
            AddUndefinedStub(id);
    }

    /// <summary>Whether an undefined function is replaced by one that traps.</summary>
    private bool BecomesStub(in Symbol symbol) =>
        symbol.IsFunction && symbol.IsUndefined && !symbol.IsWeak && !symbol.Signature.IsNone
        && !_options.ImportUndefined && _options.UnresolvedSymbols != UnresolvedPolicy.ReportError && !IsUndefinedAllowed(symbol);

    private bool IsUndefinedAllowed(in Symbol symbol) =>
        !symbol.ImportName.IsNone
        || symbol.Has(SymbolMarks.ForceImport)
        || (symbol.IsFunction && _options.ImportUndefined)
        || (_program.AllowedUndefined.Count != 0 && _program.AllowedUndefined.Contains(symbol.Name.ToString()));

    private int AddType(SignatureId signature)
    {
        if (_plan.TypeIndex[signature.Index] < 0)
        {
            _plan.TypeIndex[signature.Index] = _plan.Types.Count;
            _plan.Types.Add(_program.Signatures[signature]);
        }
        return _plan.TypeIndex[signature.Index];
    }

    private string NameOf(SymbolReference reference) => SymbolNames.Display(
        reference.Owner.Object.NameOf(reference.Owner.Object.Symbols[reference.Symbol]), _options.Demangle);

    private string Display(in Symbol symbol) => SymbolNames.Display(symbol.Name, _options.Demangle);

    private static uint[] NoSlots(int count)
    {
        var slots = new uint[count];
        Array.Fill(slots, OutputPlan.NoSlot);
        return slots;
    }

    private static int[] Filled(int count)
    {
        var array = new int[count];
        Array.Fill(array, -1);
        return array;
    }
}
