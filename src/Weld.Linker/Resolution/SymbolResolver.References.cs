using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <content>Adding references, and the rows of functions that are used with several types.</content>
public sealed partial class SymbolResolver
{
    private readonly Dictionary<int, int> _variantSetOfRow = [];
    private readonly List<List<SymbolId>> _variantSets = [];

    /// <summary>Adds a reference that an option makes, to a function of unknown type.</summary>
    public SymbolId AddUndefinedFunction(string name)
    {
        SymbolId id = Symbols.Insert(name, out bool isNew);
        Utf8String utf8 = Symbols[id].Name;
        ref Symbol symbol = ref Symbols[id];
        symbol.Marks |= SymbolMarks.UsedInRegularObject;
        _reports.Symbols?.Reference(FileName(-1), utf8);
        if (isNew)
        {
            symbol.Kind = SymbolKind.Function;
            symbol.Flags = SymbolFlags.Undefined;
        }
        else if (symbol.IsLazy)
        {
            Extract(id, "<internal>");
        }
        else if (symbol.Kind != SymbolKind.Function)
        {
            _diagnostics.Add(ResolutionErrors.KindMismatch(DisplayName(utf8), symbol.Kind, FileName(symbol.File), SymbolKind.Function, FileName(-1)));
        }
        else if (symbol.IsUndefined)
        {
            symbol.Flags &= ~SymbolFlags.BindingMask;
        }
        return id;
    }

    /// <summary>Adds a global that the output imports.</summary>
    public SymbolId AddUndefinedGlobal(string name, GlobalType type)
    {
        SymbolId id = Symbols.Insert(name, out _);
        ref Symbol symbol = ref Symbols[id];
        symbol.Kind = SymbolKind.Global;
        symbol.Flags = SymbolFlags.Undefined;
        symbol.GlobalType = type;
        symbol.Marks |= SymbolMarks.UsedInRegularObject;
        return id;
    }

    private SymbolId AddUndefined(LinkedObject owner, in InputSymbol input)
    {
        if (input.IsLocal)
        {
            SymbolId local = Symbols.AddRow(owner.Object.NameOf(input));
            Refer(local, owner, input);
            Symbols[local].Marks |= SymbolMarks.UsedInRegularObject;
            return local;
        }
        SymbolId id = Symbols.Insert(input.Name, out bool isNew);
        ref Symbol symbol = ref Symbols[id];
        symbol.Marks |= SymbolMarks.UsedInRegularObject;
        _reports.Symbols?.Reference(owner.DisplayName, owner.Object.NameOf(input));
        if (isNew)
        {
            Refer(id, owner, input);
            return id;
        }
        if (symbol.IsLazy)
        {
            ReferToLazy(id, owner, input);
            return id;
        }
        if (input.Kind == SymbolKind.Function)
            return ReferToFunction(id, owner, input);
        if (symbol.IsDefined || symbol.IsShared)
            CheckKindAndType(id, owner, input);
        else if (symbol.Kind != input.Kind)
            ReportKindMismatch(id, owner, input.Kind);
        else
            UpdateUndefined(id, owner, input);
        return id;
    }

    /// <summary>Makes the row this reference.</summary>
    private void Refer(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        ObjectFile file = owner.Object;
        ref Symbol symbol = ref Symbols[id];
        symbol.State = SymbolState.Undefined;
        symbol.Kind = input.Kind;
        symbol.Flags = input.Flags | SymbolFlags.Undefined;
        symbol.File = owner.Index;
        symbol.Element = -1;
        symbol.ImportModule = ImportModuleOf(file, input);
        symbol.ImportName = ImportNameOf(file, input);
        symbol.Marks &= ~SymbolMarks.CalledDirectly;
        if ((input.Marks & InputSymbolMarks.CalledDirectly) != 0)
            symbol.Marks |= SymbolMarks.CalledDirectly;
        switch (input.Kind)
        {
            case SymbolKind.Function:
                symbol.Signature = SignatureOf(owner, input);
                break;
            case SymbolKind.Tag:
                symbol.Signature = owner.Signatures[file.TagImports.TypeOf(input.Index)];
                break;
            case SymbolKind.Global:
                symbol.GlobalType = file.GlobalImports[input.Index].Global;
                break;
            case SymbolKind.Table:
                Symbols.SetTableType(id, file.TableImports[input.Index].Table);
                break;
        }
    }

    private void ReferToLazy(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        bool isWeak = (input.Flags & SymbolFlags.BindingMask) == SymbolFlags.Weak;
        if (isWeak && input.Kind is SymbolKind.Function or SymbolKind.Data)
        {
            ref Symbol symbol = ref Symbols[id];
            symbol.Flags |= SymbolFlags.Weak;
            if (input.Kind == SymbolKind.Function)
            {
                symbol.Kind = SymbolKind.Function;
                symbol.Signature = SignatureOf(owner, input);
            }
            return;
        }
        if (_isLinked[Symbols[id].File])
        {
            // The member is linked already but has not defined the symbol: it is still at an earlier one, or the definition is in
            // a COMDAT group that another object provides without this symbol.
            bool isUsed = Symbols[id].Has(SymbolMarks.UsedInRegularObject);
            Refer(id, owner, input);
            if (isUsed)
                Symbols[id].Marks |= SymbolMarks.UsedInRegularObject;
            return;
        }
        ExtractFor(id, owner.DisplayName);
    }

    private SymbolId ReferToFunction(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        if (Symbols[id].Kind != SymbolKind.Function)
        {
            ReportKindMismatch(id, owner, SymbolKind.Function);
            return id;
        }
        SymbolId existing = id;
        bool wasUndefined = Symbols[id].IsUndefined;
        SignatureId signature = SignatureOf(owner, input);
        bool isCalled = (input.Marks & InputSymbolMarks.CalledDirectly) != 0;
        if (Symbols[id].Signature.IsNone)
            Symbols[id].Signature = signature;
        if (isCalled && !SignaturesMatch(Symbols[id].Signature, signature))
        {
            if (Symbols[id].IsShared)
                CheckSharedSignature(id, owner, signature);
            else if (wasUndefined && !Symbols[id].Has(SymbolMarks.CalledDirectly))
            {
                // Nobody who cares about the type has seen it yet: this caller's type counts.
                Refer(id, owner, input);
                Symbols[id].Marks |= SymbolMarks.UsedInRegularObject;
            }
            else if (GetVariant(id, signature, out id))
            {
                Refer(id, owner, input);
                Symbols[id].Marks |= SymbolMarks.UsedInRegularObject;
            }
        }
        if (wasUndefined)
        {
            UpdateUndefined(existing, owner, input);
            if (isCalled)
                Symbols[existing].Marks |= SymbolMarks.CalledDirectly;
        }
        return id;
    }

    /// <summary>A second reference to an undefined symbol: import attributes must agree, and the stronger binding counts.</summary>
    private void UpdateUndefined(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        ref Symbol symbol = ref Symbols[id];
        ImportedName name = ImportNameOf(owner.Object, input);
        if (symbol.ImportName.IsNone)
            symbol.ImportName = name;
        else if (!name.IsNone && symbol.ImportName.Value != name.Value)
            _diagnostics.Add(ResolutionErrors.ImportNameMismatch(DisplayName(symbol.Name), symbol.ImportName.Value.ToString(), FileName(symbol.File), name.Value.ToString(), owner.DisplayName));
        ImportedName module = ImportModuleOf(owner.Object, input);
        if (symbol.ImportModule.IsNone)
            symbol.ImportModule = module;
        else if (!module.IsNone && symbol.ImportModule.Value != module.Value)
            _diagnostics.Add(ResolutionErrors.ImportModuleMismatch(DisplayName(symbol.Name), symbol.ImportModule.Value.ToString(), FileName(symbol.File), module.Value.ToString(), owner.DisplayName));
        SymbolFlags binding = input.Flags & SymbolFlags.BindingMask;
        if (symbol.IsWeak && binding != SymbolFlags.Weak)
            symbol.Flags = (symbol.Flags & ~SymbolFlags.BindingMask) | binding;
        symbol.Flags |= input.Flags & SymbolFlags.NoStrip;
    }

    /// <summary>The module of the import that a reference becomes; none for data.</summary>
    private static ImportedName ImportModuleOf(ObjectFile file, in InputSymbol input) =>
        IsImport(input) ? ImportsOf(file, input.Kind).ModuleOf(input.Index) : default;

    /// <summary>The field of that import, if the reference has another name.</summary>
    private static ImportedName ImportNameOf(ObjectFile file, in InputSymbol input) =>
        (input.Flags & SymbolFlags.ExplicitName) != 0 && IsImport(input) ? ImportsOf(file, input.Kind).NameOf(input.Index) : default;

    private static bool IsImport(in InputSymbol input) => !input.IsDefined && input.Kind is not (SymbolKind.Data or SymbolKind.Section);

    private static ImportList ImportsOf(ObjectFile file, SymbolKind kind) => kind switch
    {
        SymbolKind.Function => file.FunctionImports,
        SymbolKind.Global => file.GlobalImports,
        SymbolKind.Tag => file.TagImports,
        _ => file.TableImports,
    };

    /// <summary>The type of a function symbol, which may be a definition that a COMDAT group discards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SignatureId SignatureOf(LinkedObject owner, in InputSymbol input) => owner.Signatures[input.IsDefined
        ? owner.Object.Functions[input.Index].TypeIndex
        : owner.Object.FunctionImports.TypeOf(input.Index)];

    /// <summary>Finds or makes the row of a function with another type than the row has.</summary>
    /// <returns>True when the row is new.</returns>
    private bool GetVariant(SymbolId id, SignatureId signature, out SymbolId variant)
    {
        if (!_variantSetOfRow.TryGetValue(id.Index, out int set))
        {
            set = _variantSets.Count;
            _variantSets.Add([id]);
            _variantSetOfRow.Add(id.Index, set);
        }
        foreach (SymbolId candidate in _variantSets[set])
        {
            variant = candidate;
            if (Symbols[candidate].Signature == signature)
                return false;
        }
        variant = Symbols.AddRow(Symbols[id].Name);
        Symbols[variant].Kind = SymbolKind.Function;
        _variantSets[set].Add(variant);
        _variantSetOfRow.Add(variant.Index, set);
        return true;
    }

    /// <summary>Compares every reference with what it finally means, and notes that. Where a reference extracted an archive member, or
    /// an option gave a name another meaning, nobody has looked yet.</summary>
    public void CheckBindings()
    {
        // Nearly all are what they should be, which any number of threads can find out.
        var doubtful = new List<int>?[Objects.Count];
        Workers.ForEach(Objects.Count, _options.Threads, index => doubtful[index] = FindReferents(Objects[index]));
        for (int index = 0; index < doubtful.Length; index++)
        {
            LinkedObject owner = Objects[index];
            foreach (int i in doubtful[index] ?? [])
                owner.Bindings[i] = CheckBinding(owner, owner.Object.Symbols[i], new SymbolId(owner.Bindings[i])).Index;
        }
        for (int index = 0; index < doubtful.Length; index++)
            foreach (int i in doubtful[index] ?? [])
                Objects[index].Referents[i] = ReferentOf(Symbols[new SymbolId(Objects[index].Bindings[i])]);
    }

    /// <summary>Finds what each symbol of an object stands for.</summary>
    /// <returns>The symbols whose rows are not plainly what the object says; null for none.</returns>
    private List<int>? FindReferents(LinkedObject owner)
    {
        List<int>? doubtful = null;
        InputSymbol[] symbols = owner.Object.Symbols;
        int[] bindings = owner.Bindings;
        Referent[] referents = GC.AllocateUninitializedArray<Referent>(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
        {
            int binding = bindings[i];
            if (binding < 0)
            {
                referents[i] = ReferentOf(owner, symbols[i]);
                continue;
            }
            ref Symbol row = ref Symbols[new SymbolId(binding)];
            referents[i] = ReferentOf(row);
            if (IsDoubtful(owner, symbols[i], row))
                (doubtful ??= []).Add(i);
        }
        owner.Referents = referents;
        return doubtful;
    }

    private static Referent ReferentOf(in Symbol row)
    {
        if (!row.IsDefined || row.File < 0 || row.Element < 0)
            return Referent.Other;
        return row.Kind switch
        {
            SymbolKind.Function when !row.Has(SymbolMarks.Stub) => Referent.Of(new FunctionId(row.Element)),
            SymbolKind.Data => Referent.Of(new SegmentId(row.Element)),
            _ => Referent.Other,
        };
    }

    private static Referent ReferentOf(LinkedObject owner, in InputSymbol symbol) => symbol.Kind switch
    {
        SymbolKind.Function when !owner.IsFunctionDiscarded(symbol.Index) => Referent.Of(new FunctionId(owner.FirstFunction + (int)symbol.Index)),
        SymbolKind.Data when (symbol.Flags & SymbolFlags.Absolute) == 0 && !owner.IsSegmentDiscarded(symbol.Index) => Referent.Of(new SegmentId(owner.FirstSegment + (int)symbol.Index)),
        _ => Referent.Other,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDoubtful(LinkedObject owner, in InputSymbol input, in Symbol row) =>
        row.IsLazy || row.Kind != input.Kind || input.Kind is SymbolKind.Global or SymbolKind.Table
        || (input.Kind == SymbolKind.Function && row.Signature != SignatureOf(owner, input));

    private SymbolId CheckBinding(LinkedObject owner, in InputSymbol input, SymbolId id)
    {
        if (Symbols[id].IsLazy)
        {
            if (input.Kind is not (SymbolKind.Function or SymbolKind.Data) || (input.Flags & SymbolFlags.BindingMask) != SymbolFlags.Weak)
                Refer(id, owner, input);
            else if (input.Kind == SymbolKind.Data)
                return id;
        }
        if (Symbols[id].Kind != input.Kind)
        {
            // Position-independent code reads __memory_base from a global; here the linker makes that of its address.
            bool isGot = input.Kind == SymbolKind.Global && Symbols[id].Kind == SymbolKind.Data && Symbols[id].File < 0;
            if (!isGot)
                ReportKindMismatch(id, owner, input.Kind);
            return id;
        }
        if (input.Kind != SymbolKind.Function)
        {
            // What the linker itself defines may be a constant where objects expect a variable.
            bool isForeign = Symbols[id].File >= 0 && Symbols[id].File != owner.Index;
            if (isForeign && input.Kind is SymbolKind.Global or SymbolKind.Table)
                CheckKindAndType(id, owner, input);
            return id;
        }
        SignatureId signature = SignatureOf(owner, input);
        if ((input.Marks & InputSymbolMarks.CalledDirectly) == 0 || SignaturesMatch(Symbols[id].Signature, signature))
            return id;
        if (GetVariant(id, signature, out SymbolId variant))
            Refer(variant, owner, input);
        Symbols[variant].Marks |= SymbolMarks.UsedInRegularObject;
        return variant;
    }

    /// <summary>Decides each function that is used with several types: the definition's type is right, and calls with another one trap.</summary>
    public void ResolveVariants()
    {
        if (_variantSets.Count == 0)
            return;
        foreach (List<SymbolId> set in _variantSets)
        {
            SymbolId defined = set.Find(id => Symbols[id].IsDefined, SymbolId.None);
            string name = DisplayName(Symbols[set[0]].Name);
            if (defined.IsNone)
            {
                ReportSignatureMismatch(name, set[0], set[1], isError: true);
                continue;
            }
            foreach (SymbolId variant in set)
            {
                if (variant == defined)
                    continue;
                ReportSignatureMismatch(name, variant, defined, isError: false);
                ReplaceWithUnreachable(variant, $"signature_mismatch:{DisplayName(Symbols[variant].Name)}");
            }
        }
        Workers.ForEach(Objects.Count, _options.Threads, index => FindReferents(Objects[index]));
    }

    /// <summary>Weak references to archive members that nothing needed stay references in an object.</summary>
    public void KeepWeakReferences()
    {
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            ref Symbol symbol = ref Symbols[Symbols.AtPlace(place)];
            if (!symbol.IsLazy || !symbol.Has(SymbolMarks.UsedInRegularObject))
                continue;
            symbol.State = SymbolState.Undefined;
            symbol.Flags |= SymbolFlags.Undefined;
            symbol.File = -1;
        }
    }

    /// <summary>Gives undefined weak functions a body that traps, so that calls to them validate. Their address is 0.</summary>
    public void StubWeakUndefined()
    {
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            ref Symbol symbol = ref Symbols[id];
            if (!symbol.IsUndefinedWeak || !symbol.Has(SymbolMarks.UsedInRegularObject) || symbol.Signature.IsNone || symbol.Kind != SymbolKind.Function)
                continue;
            ReplaceWithUnreachable(id, $"undefined_weak:{DisplayName(symbol.Name)}");
            Symbols[id].Flags |= SymbolFlags.Hidden;
        }
    }

    private void ReplaceWithUnreachable(SymbolId id, string name)
    {
        MakeSyntheticFunction(id, name, Symbols[id].Signature, SymbolFlags.Local, SyntheticFunction.Unreachable);
        Symbols[id].Marks |= SymbolMarks.Stub;
    }

    private void ReportSignatureMismatch(string name, SymbolId first, SymbolId second, bool isError) =>
        _diagnostics.Add(ResolutionErrors.SignatureMismatch(name,
            Signatures[Symbols[first].Signature], FileName(Symbols[first]),
            Signatures[Symbols[second].Signature], FileName(Symbols[second]), isError));
}

file static class ListExtensions
{
    public static SymbolId Find(this List<SymbolId> list, Func<SymbolId, bool> predicate, SymbolId otherwise)
    {
        foreach (SymbolId id in list)
            if (predicate(id))
                return id;
        return otherwise;
    }
}
