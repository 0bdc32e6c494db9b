using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <content>Adding definitions: an object's, and the linker's own.</content>
public sealed partial class SymbolResolver
{
    private SymbolId AddDefined(LinkedObject owner, in InputSymbol input)
    {
        SymbolId id = Symbols.Insert(input.Name, out bool isNew);
        ref Symbol symbol = ref Symbols[id];
        symbol.Marks |= SymbolMarks.UsedInRegularObject;
        if (isNew || symbol.IsLazy)
        {
            Define(id, owner, input);
            return id;
        }
        if (input.Kind == SymbolKind.Function)
            return AddDefinedFunction(id, owner, input);
        CheckKindAndType(id, owner, input);
        if (ShouldReplace(id, owner, input.Flags))
            Define(id, owner, input);
        return id;
    }

    private SymbolId AddDefinedFunction(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        if (Symbols[id].Kind != SymbolKind.Function)
        {
            ReportKindMismatch(id, owner, SymbolKind.Function);
            return id;
        }
        SignatureId signature = owner.Signatures[owner.Object.Functions[input.Index].TypeIndex];
        bool checkSignature = !Symbols[id].IsUndefined || Symbols[id].Has(SymbolMarks.CalledDirectly);
        if (checkSignature && !SignaturesMatch(Symbols[id].Signature, signature))
        {
            bool isNewVariant = GetVariant(id, signature, out SymbolId variant);
            Symbols[variant].Marks |= SymbolMarks.UsedInRegularObject;
            if (isNewVariant || ShouldReplace(id, owner, input.Flags))
                Define(variant, owner, input);
            // The definition is what the name means from now on; the wrong callers keep their own row.
            Symbols.ReplaceAtPlace(input.Name, variant);
            return variant;
        }
        if (ShouldReplace(id, owner, input.Flags))
            Define(id, owner, input);
        return id;
    }

    /// <summary>Makes the row what the object defines. Marks that belong to the name stay.</summary>
    private void Define(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        ObjectFile file = owner.Object;
        ref Symbol symbol = ref Symbols[id];
        _reports.Symbols?.Definition(owner.DisplayName, symbol.Name);
        symbol.State = SymbolState.Defined;
        symbol.Kind = input.Kind;
        symbol.Flags = input.Flags;
        symbol.File = owner.Index;
        symbol.Element = owner.ElementOf(input);
        symbol.Marks &= ~SymbolMarks.CalledDirectly;
        symbol.Signature = SignatureId.None;
        symbol.ImportName = default;
        symbol.ImportModule = default;
        switch (input.Kind)
        {
            case SymbolKind.Function:
                symbol.Signature = owner.Signatures[file.Functions[input.Index].TypeIndex];
                break;
            case SymbolKind.Tag:
                symbol.Signature = owner.Signatures[file.Tags[input.Index]];
                break;
            case SymbolKind.Global:
                symbol.GlobalType = file.Globals[input.Index].Type;
                break;
            case SymbolKind.Table:
                Symbols.SetTableType(id, file.Tables[input.Index]);
                break;
            default:
                symbol.Value = file.ValueOf(input);
                symbol.Size = file.SizeOf(input);
                if ((input.Flags & SymbolFlags.Absolute) != 0)
                    symbol.Element = -1;
                break;
        }
    }

    /// <summary>Whether a new definition takes the place of the row's; reports the ones that must not meet.</summary>
    private bool ShouldReplace(SymbolId id, LinkedObject owner, SymbolFlags newFlags)
    {
        ref Symbol existing = ref Symbols[id];
        if (!existing.IsDefined && !existing.IsShared)
            return true;
        if ((newFlags & SymbolFlags.BindingMask) == SymbolFlags.Weak)
            return false;
        if (existing.IsWeak || existing.IsShared)
            return true;
        if (_options.AllowMultipleDefinition)
            return false;
        _diagnostics.Add(ResolutionErrors.DuplicateSymbol(DisplayName(existing.Name), FileName(existing.File), owner.DisplayName, _options.NoinhibitExec));
        return true;
    }

    private void CheckKindAndType(SymbolId id, LinkedObject owner, in InputSymbol input)
    {
        ref Symbol existing = ref Symbols[id];
        ObjectFile file = owner.Object;
        if (existing.Kind != input.Kind)
        {
            ReportKindMismatch(id, owner, input.Kind);
            return;
        }
        switch (input.Kind)
        {
            case SymbolKind.Global:
            {
                GlobalType type = input.IsDefined ? file.Globals[input.Index].Type : file.GlobalImports[input.Index].Global;
                if (type != existing.GlobalType)
                    _diagnostics.Add(ResolutionErrors.GlobalTypeMismatch(existing.Name.ToString(), existing.GlobalType, FileName(existing), type, owner.DisplayName));
                break;
            }
            case SymbolKind.Table:
            {
                TableType type = input.IsDefined ? file.Tables[input.Index] : file.TableImports[input.Index].Table;
                if (type.Element != Symbols.TableTypeOf(id).Element)
                    _diagnostics.Add(ResolutionErrors.TableTypeMismatch(existing.Name.ToString(), Symbols.TableTypeOf(id), FileName(existing), type, owner.DisplayName));
                break;
            }
            case SymbolKind.Tag:
            {
                SignatureId signature = owner.Signatures[input.IsDefined ? file.Tags[input.Index] : file.TagImports.TypeOf(input.Index)];
                if (signature != existing.Signature && !existing.Signature.IsNone)
                    _diagnostics.Add(ResolutionErrors.TagSignatureMismatch(existing.Name.ToString(), Signatures[existing.Signature], FileName(existing), Signatures[signature], owner.DisplayName));
                break;
            }
        }
    }

    private void ReportKindMismatch(SymbolId id, LinkedObject owner, SymbolKind kind)
    {
        ref Symbol existing = ref Symbols[id];
        _diagnostics.Add(ResolutionErrors.KindMismatch(DisplayName(existing.Name), existing.Kind, FileName(existing), kind, owner.DisplayName));
    }

    private static bool SignaturesMatch(SignatureId first, SignatureId second) => first.IsNone || second.IsNone || first == second;

    // ── what the linker defines ──

    /// <summary>Defines a function of the linker's own. Its body may be known only later.</summary>
    public SymbolId AddSyntheticFunction(string name, SignatureId signature, SymbolFlags flags)
    {
        SymbolId id = Symbols.Insert(name, out _);
        MakeSyntheticFunction(id, name, signature, flags, null);
        return id;
    }

    /// <summary>Makes a row a function of the linker's own.</summary>
    public void MakeSyntheticFunction(SymbolId id, string name, SignatureId signature, SymbolFlags flags, byte[]? body)
    {
        var function = new FunctionId(FunctionCount++);
        SyntheticFunctions.Add(new SyntheticFunction(function, signature, name, body));
        ref Symbol symbol = ref Symbols[id];
        _reports.Symbols?.Definition(FileName(-1), symbol.Name, name);
        symbol.State = SymbolState.Defined;
        symbol.Kind = SymbolKind.Function;
        symbol.Flags = flags;
        symbol.File = -1;
        symbol.Element = function.Index;
        symbol.Signature = signature;
        symbol.ImportName = default;
        symbol.ImportModule = default;
    }

    /// <summary>Defines a global of the linker's own.</summary>
    public SymbolId AddSyntheticGlobal(string name, GlobalType type, SymbolFlags flags)
    {
        SymbolId id = Symbols.Insert(name, out _);
        MakeSyntheticGlobal(id, type, flags);
        return id;
    }

    /// <summary>Defines a global of the linker's own if an object refers to it. An export alone does not make it.</summary>
    public SymbolId AddOptionalGlobal(string name, GlobalType type)
    {
        SymbolId id = FindOptional(name, isExported: false);
        if (!id.IsNone)
            MakeSyntheticGlobal(id, type, SymbolFlags.Hidden);
        return id;
    }

    /// <summary>Defines an address of the linker's own if something refers to it, or an option exports it. Layout sets the address.</summary>
    public SymbolId AddOptionalData(string name, bool isExported)
    {
        SymbolId id = FindOptional(name, isExported);
        if (id.IsNone)
            return id;
        ref Symbol symbol = ref Symbols[id];
        _reports.Symbols?.Definition(FileName(-1), symbol.Name);
        symbol.State = SymbolState.Defined;
        symbol.Kind = SymbolKind.Data;
        symbol.Flags = SymbolFlags.Hidden | SymbolFlags.Absolute;
        symbol.File = -1;
        symbol.Element = -1;
        symbol.Marks |= SymbolMarks.AlwaysLive;
        return id;
    }

    /// <summary>Defines the indirect function table.</summary>
    public SymbolId AddSyntheticTable(SymbolFlags flags)
    {
        SymbolId id = Symbols.Insert(WellKnownNames.IndirectFunctionTable, out _);
        var table = new TableId(TableCount++);
        SyntheticTables.Add(new SyntheticTable(table, id));
        ref Symbol symbol = ref Symbols[id];
        _reports.Symbols?.Definition(FileName(-1), symbol.Name);
        symbol.State = SymbolState.Defined;
        symbol.Kind = SymbolKind.Table;
        symbol.Flags = flags;
        symbol.File = -1;
        symbol.Element = table.Index;
        Symbols.SetTableType(id, new TableType(ValueType.FuncRef, default));
        symbol.ImportName = default;
        return id;
    }

    private void MakeSyntheticGlobal(SymbolId id, GlobalType type, SymbolFlags flags)
    {
        var global = new GlobalId(GlobalCount++);
        SyntheticGlobals.Add(new SyntheticGlobal(global, type, id));
        ref Symbol symbol = ref Symbols[id];
        _reports.Symbols?.Definition(FileName(-1), symbol.Name);
        symbol.State = SymbolState.Defined;
        symbol.Kind = SymbolKind.Global;
        symbol.Flags = flags;
        symbol.File = -1;
        symbol.Element = global.Index;
        symbol.GlobalType = type;
        symbol.ImportName = default;
    }

    private SymbolId FindOptional(string name, bool isExported)
    {
        SymbolId id = Symbols.Find(name);
        if (id.IsNone)
            return isExported ? Symbols.Insert(name, out _) : SymbolId.None;
        return Symbols[id].IsDefined ? SymbolId.None : id;
    }
}
