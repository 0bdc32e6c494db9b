using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Base.Ids;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Reports;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <summary>Adds objects to the symbol table, in link order, and archive members at the moment they are needed.</summary>
/// <remarks>Counterpart in wasm-ld: SymbolTable.cpp. Where an undefined symbol meets a lazy one, the member is linked at
/// once, before the next symbol of the object that needed it. That recursion is a stack of frames here, because an archive
/// can make it as deep as it likes.</remarks>
public sealed partial class SymbolResolver
{
    // For so many symbols at a time, memory is fetched in two steps: binding a symbol takes less time than one wait for memory.
    private const int GroupSize = 16;

    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly LinkInputs _inputs;
    private readonly LinkReports _reports;

    /// <summary>The names of the COMDAT groups that an object has brought.</summary>
    private readonly IdSet<NameId> _comdats;
    private readonly bool[] _isLinked;
    private bool _isBroken;
    private readonly List<InputFile> _wrongMemoryModel = [];
    private readonly Stack<Frame> _frames = new();

    public SymbolResolver(LinkInputs inputs, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        _inputs = inputs;
        _options = options;
        _diagnostics = diagnostics;
        _reports = reports;
        _isLinked = new bool[inputs.Count];
        Symbols = new SymbolTable(inputs.Names);
        _comdats = new IdSet<NameId>(inputs.Names.Capacity);
    }

    public SymbolTable Symbols { get; }

    public SignatureTable Signatures { get; } = new();

    /// <summary>The linked objects in the order in which they were begun.</summary>
    public List<LinkedObject> Objects { get; } = [];

    /// <summary>The linked objects in the order in which they were finished: a member comes before the object whose symbols
    /// it interrupted. That is their order in the output.</summary>
    public List<LinkedObject> LinkOrder { get; } = [];

    public List<SyntheticFunction> SyntheticFunctions { get; } = [];

    public List<SyntheticGlobal> SyntheticGlobals { get; } = [];

    public List<SyntheticTable> SyntheticTables { get; } = [];

    /// <summary>Whether an object uses the indirect function table without saying where, so that it must be table 0.</summary>
    public bool HasLegacyFunctionTable { get; private set; }

    public int FunctionCount { get; private set; }

    public int SegmentCount { get; private set; }

    public int GlobalCount { get; private set; }

    public int TagCount { get; private set; }

    public int TableCount { get; private set; }

    public int CustomSectionCount { get; private set; }

    /// <summary>Why each extracted member was linked, for <c>--why-extract</c>; those that it needed in turn come before it.</summary>
    public List<Extraction> Extractions { get; } = [];

    /// <summary>Where an interrupted object or archive member goes on.</summary>
    private struct Frame
    {
        public LinkedObject? Object;
        public int Input;
        public int Next;

        /// <summary>Why the object is linked, if it had to be extracted.</summary>
        public Extraction? Extraction;
    }

    /// <summary>Reports objects with addresses of another size than the output's, all at once.</summary>
    public void ReportMemoryModel()
    {
        if (_wrongMemoryModel.Count != 0)
            _diagnostics.Add(InputErrors.WrongMemoryModel(_wrongMemoryModel, _options.Is64 != true, Objects.Count != 0));
        _wrongMemoryModel.Clear();
    }

    /// <summary>Adds every input, in order, as soon as it is parsed. After one that cannot be read, nothing is added.</summary>
    public void AddAll(InputParser parser)
    {
        for (int input = 0; input < _inputs.Count; input++)
        {
            parser.Parse(_inputs[input]);
            _isBroken |= _inputs[input].Problems is not null;
            if (_isBroken)
                continue;
            if (_inputs[input].Shared is SharedLibrary library)
                AddShared(input, library);
            else if (_inputs[input].Stub is not null)
                continue;
            else if (_inputs[input].IsLazy)
                _frames.Push(new Frame { Input = input });
            else
                Link(input);
            Drain();
        }
    }

    /// <summary>Links the member behind a lazy symbol, and all that it needs in turn.</summary>
    public void Extract(SymbolId symbol, string reference)
    {
        ExtractFor(symbol, reference);
        Drain();
    }

    private void Drain()
    {
        while (_frames.TryPop(out Frame frame))
        {
            if (frame.Object is null)
                ContinueLazy(frame);
            else
                ContinueObject(frame);
        }
    }

    private void ContinueLazy(Frame frame)
    {
        LinkInput input = _inputs[frame.Input];
        NameId[] symbols = input.LazySymbols;
        for (int i = frame.Next; i < symbols.Length && !_isLinked[frame.Input]; i++)
            AddLazy(symbols[i], frame.Input);
    }

    private void ContinueObject(Frame frame)
    {
        LinkedObject owner = frame.Object!;
        int count = owner.Object.Symbols.Length;
        int pending = _frames.Count;
        while (frame.Next < count)
        {
            frame.Next = BindGroup(owner, frame.Next, Math.Min(frame.Next + GroupSize, count));
            if (_frames.Count != pending)
            {
                // A member was extracted: it comes first, then the rest of this object.
                Frame member = _frames.Pop();
                _frames.Push(frame);
                _frames.Push(member);
                return;
            }
        }
        AddLegacyTable(owner);
        LinkOrder.Add(owner);
        if (frame.Extraction is Extraction extraction)
            Extractions.Add(extraction);
    }

    /// <summary>Binds symbols of an object, until one of them needs an archive member.</summary>
    /// <returns>The first that is not bound.</returns>
    [SkipLocalsInit]
    private int BindGroup(LinkedObject owner, int start, int end)
    {
        ReadOnlySpan<InputSymbol> symbols = owner.Object.Symbols.AsSpan(start, end - start);
        Span<int> bindings = owner.Bindings.AsSpan(start, symbols.Length);
        Span<int> visible = stackalloc int[GroupSize];
        int count = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            ref readonly InputSymbol symbol = ref symbols[i];
            bindings[i] = -1;
            if (symbol.IsLocal && symbol.IsDefined)
                continue;
            visible[count++] = i;
            Symbols.PrefetchId(symbol.Name);
        }
        visible = visible[..count];
        int pending = _frames.Count;
        foreach (int i in visible)
            Symbols.PrefetchRow(symbols[i].Name);
        foreach (int i in visible)
        {
            bindings[i] = Bind(owner, symbols[i]);
            if (_frames.Count != pending)
                return start + i + 1;
        }
        return end;
    }

    private void Link(int index, Extraction? extraction = null)
    {
        _isLinked[index] = true;
        LinkInput input = _inputs[index];
        Trace(input.File);
        if (Parse(input) is not ObjectFile file)
            return;
        if (file.Is64 != (_options.Is64 ?? false))
        {
            _wrongMemoryModel.Add(input.File);
            return;
        }
        bool isAlwaysLive = file.File.ArchiveName is null || !input.IsLazy;
        _frames.Push(new Frame { Object = MakeLinkedObject(file, isAlwaysLive), Extraction = extraction });
    }

    private ObjectFile? Parse(LinkInput input)
    {
        if (input.IsLazy && !input.TryParse(_inputs.Names, _diagnostics))
        {
            input.WaitUntilParsed();
            // Who parsed it ahead did not say what is wrong with it.
            if (input.Object is null)
                input.Read(_inputs.Names, _diagnostics);
        }
        return input.Object;
    }

    private LinkedObject MakeLinkedObject(ObjectFile file, bool isAlwaysLive)
    {
        var signatures = new SignatureId[file.Types.Length];
        for (int i = 0; i < signatures.Length; i++)
            signatures[i] = Signatures.Intern(file.Types[i]);
        var kept = new bool[file.ComdatNames.Length];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = _comdats.Add(file.ComdatNames[i]);
        var owner = new LinkedObject
        {
            Object = file,
            Index = Objects.Count,
            IsAlwaysLive = isAlwaysLive,
            FirstFunction = FunctionCount,
            FirstSegment = SegmentCount,
            FirstGlobal = GlobalCount,
            FirstTag = TagCount,
            FirstTable = TableCount,
            FirstCustomSection = CustomSectionCount,
            Signatures = signatures,
            KeptComdats = kept,
            Bindings = GC.AllocateUninitializedArray<int>(file.Symbols.Length),
        };
        FunctionCount += file.Functions.Length;
        SegmentCount += file.Segments.Length;
        GlobalCount += file.Globals.Length;
        TagCount += file.Tags.Length;
        TableCount += file.Tables.Length;
        CustomSectionCount += file.CustomSections.Length;
        Objects.Add(owner);
        return owner;
    }

    /// <returns>The row of a symbol that others can see or define.</returns>
    private int Bind(LinkedObject owner, in InputSymbol symbol)
    {
        if (!symbol.IsDefined)
            return AddUndefined(owner, symbol).Index;
        bool isDiscarded = symbol.Kind switch
        {
            SymbolKind.Function => owner.IsFunctionDiscarded(symbol.Index),
            SymbolKind.Data => (symbol.Flags & SymbolFlags.Absolute) == 0 && owner.IsSegmentDiscarded(symbol.Index),
            _ => false,
        };
        if (!isDiscarded)
            return AddDefined(owner, symbol).Index;
        // What another object's COMDAT group replaces is a reference to that group's definition.
        return IsSameFunction(owner, symbol, out SymbolId id) ? id.Index : AddUndefined(owner, symbol).Index;
    }

    /// <summary>Checks the relocations of all custom sections.</summary>
    /// <returns>False when errors were reported.</returns>
    public bool CheckCustomRelocations()
    {
        var bags = new DiagnosticBag[Objects.Count];
        Workers.ForEach(bags.Length, _options.Threads, index =>
        {
            bags[index] = new DiagnosticBag();
            InputErrors.TryRead(Objects[index].Object.File, _ =>
            {
                uint kinds = 0;
                foreach (ref readonly InputCustomSection section in Objects[index].Object.CustomSections.AsSpan())
                    kinds |= RelocationChecker.Check(Objects[index].Object, section);
                Objects[index].CustomRelocationKinds = kinds;
                return Objects[index];
            }, bags[index]);
        });
        foreach (DiagnosticBag bag in bags)
            _diagnostics.AddRange(bag.Diagnostics);
        return !_diagnostics.HasErrors;
    }

    /// <summary>Whether a function that is not kept has a definition of the same type: the usual case, in which there is nothing to decide.</summary>
    private bool IsSameFunction(LinkedObject owner, in InputSymbol symbol, out SymbolId id)
    {
        id = Symbols.Find(symbol.Name);
        if (id.IsNone || symbol.Kind != SymbolKind.Function || _reports.Symbols is not null)
            return false;
        ref Symbol row = ref Symbols[id];
        if (!row.IsDefined || row.Kind != SymbolKind.Function || row.Signature != owner.Signatures[owner.Object.Functions[symbol.Index].TypeIndex])
            return false;
        row.Marks |= SymbolMarks.UsedInRegularObject;
        return true;
    }

    private void ExtractFor(SymbolId symbol, string reference)
    {
        int input = Symbols[symbol].File;
        if (_isLinked[input])
            return;
        Extract(reference, input, Symbols[symbol].Name);
    }

    private void AddLazy(NameId name, int input)
    {
        SymbolId id = Symbols.Insert(name, out bool isNew);
        ref Symbol symbol = ref Symbols[id];
        if (isNew)
        {
            symbol.State = SymbolState.Lazy;
            symbol.File = input;
            _reports.Symbols?.LazyDefinition(_inputs[input].File.DisplayName, symbol.Name);
            return;
        }
        if (!symbol.IsUndefined)
            return;
        if (symbol.IsWeak)
        {
            // A weak reference does not extract; a stronger one that comes later will.
            symbol.State = SymbolState.Lazy;
            symbol.Flags = SymbolFlags.Weak;
            symbol.File = input;
            _reports.Symbols?.LazyDefinition(_inputs[input].File.DisplayName, symbol.Name);
            return;
        }
        Extract(FileName(symbol.File), input, symbol.Name);
    }

    private void Trace(InputFile file)
    {
        if (_options.Trace)
            _reports.Output.WriteLine(file.DisplayName);
        _reports.Log?.Write($"linking {file.DisplayName}");
    }

    private void Extract(string reference, int input, Utf8String symbol)
    {
        _reports.Log?.Write($"{reference} needs {symbol} of {_inputs[input].File.DisplayName}");
        Link(input, new Extraction(reference, _inputs[input].File, symbol));
    }

    /// <summary>An MVP object uses its one table without symbols or relocations: give it the symbol that it lacks.</summary>
    private void AddLegacyTable(LinkedObject owner)
    {
        ObjectFile file = owner.Object;
        int tables = file.TableImports.Length + file.Tables.Length;
        int tableSymbols = file.TableSymbolCount;
        if (tables == tableSymbols)
            return;
        if (tableSymbols != 0)
        {
            _diagnostics.Add(ResolutionErrors.TableSymbolCount(owner.DisplayName, tables, tableSymbols));
            return;
        }
        if (file.Tables.Length != 0)
        {
            _diagnostics.Add(ResolutionErrors.TableDefinitionWithoutSymbol(owner.DisplayName));
            return;
        }
        if (tables != 1)
        {
            _diagnostics.Add(ResolutionErrors.TableImportsWithoutSymbols(owner.DisplayName));
            return;
        }
        Import import = file.TableImports[0];
        if (!import.Name.Equals("__indirect_function_table"u8) || import.Table.Element != ValueType.FuncRef)
        {
            _diagnostics.Add(ResolutionErrors.TableImportWithoutSymbol(owner.DisplayName, import.Name.ToString()));
            return;
        }
        var symbol = new InputSymbol
        {
            Kind = SymbolKind.Table,
            Flags = SymbolFlags.Undefined | SymbolFlags.NoStrip,
            NameOffset = file.File.OffsetOf(import.Name),
            NameLength = (uint)import.Name.Length,
            Name = _inputs.Names.Intern(import.Name),
        };
        SymbolId id = AddUndefined(owner, symbol);
        ref Symbol row = ref Symbols[id];
        row.Marks |= SymbolMarks.AlwaysLive;
        if (row.ImportName.IsNone)
            row.ImportName = file.TableImports.NameOf(0);
        HasLegacyFunctionTable = true;
    }

    /// <summary>The file that defines a symbol, or the first that refers to it.</summary>
    public string FileName(in Symbol symbol) => symbol.IsLazy || symbol.IsShared ? _inputs[symbol.File].File.DisplayName : FileName(symbol.File);

    private string FileName(int file) => file < 0 ? "<internal>" : Objects[file].DisplayName;

    private string DisplayName(Utf8String name) => SymbolNames.Display(name, _options.Demangle);
}
