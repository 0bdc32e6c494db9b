using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Wasm.Linking;

namespace Weld.Linker.Resolution;

/// <content>Shared libraries, whose definitions become imports, and stub libraries, which list what the host has.</content>
public sealed partial class SymbolResolver
{
    private void AddShared(int input, SharedLibrary library)
    {
        _reports.Log?.Write($"linking {_inputs[input].File.DisplayName}");
        foreach (SharedSymbol symbol in library.Symbols)
            AddShared(input, symbol);
    }

    private void AddShared(int input, SharedSymbol shared)
    {
        SymbolId id = Symbols.Insert(_inputs.Names.Intern(shared.Name), out bool isNew);
        SignatureId signature = shared.Type is null ? SignatureId.None : Signatures.Intern(shared.Type.Value);
        SymbolKind kind = shared.Type is null ? SymbolKind.Data : SymbolKind.Function;
        ref Symbol symbol = ref Symbols[id];
        if (!isNew && !symbol.IsLazy)
        {
            // What is defined here comes first.
            if (!symbol.IsUndefined)
                return;
            if (symbol.Kind != kind)
            {
                _diagnostics.Add(ResolutionErrors.KindMismatch(DisplayName(symbol.Name), symbol.Kind, FileName(symbol), kind, _inputs[input].File.DisplayName));
                return;
            }
            bool isChecked = kind == SymbolKind.Function && symbol.Has(SymbolMarks.CalledDirectly) && !SignaturesMatch(symbol.Signature, signature);
            if (isChecked && _options.ShlibSigCheck)
                ReportSharedMismatch(symbol, _inputs[input].File.DisplayName, signature);
            if (isChecked)
                signature = symbol.Signature;
        }
        _reports.Symbols?.Definition(_inputs[input].File.DisplayName, shared.Name);
        symbol.State = SymbolState.Shared;
        symbol.Kind = kind;
        symbol.Flags = shared.Flags;
        symbol.File = input;
        symbol.Element = -1;
        symbol.Signature = signature;
        symbol.ImportName = default;
        symbol.ImportModule = default;
    }

    /// <summary>A call to a function of a shared library must have its type, because the call becomes an import.</summary>
    private void CheckSharedSignature(SymbolId id, LinkedObject owner, SignatureId signature)
    {
        if (_options.ShlibSigCheck)
            ReportSharedMismatch(Symbols[id], owner.DisplayName, signature);
        else
            Symbols[id].Signature = signature;
    }

    private void ReportSharedMismatch(in Symbol symbol, string file, SignatureId signature) =>
        _diagnostics.Add(ResolutionErrors.SharedSignatureMismatch(DisplayName(symbol.Name), Signatures[symbol.Signature], FileName(symbol), Signatures[signature], file));

    /// <summary>Turns undefined symbols that stub libraries list into imports, and what those depend on into exports.</summary>
    /// <remarks>Counterpart in wasm-ld: processStubLibraries. A dependency may extract archive members, which may need more.</remarks>
    public void ProcessStubLibraries()
    {
        bool isAdded;
        do
        {
            isAdded = false;
            foreach (LinkInput input in _inputs)
                if (input.Stub is StubLibrary library)
                    isAdded |= ProcessStubLibrary(input.File.DisplayName, library);
        }
        while (isAdded);
    }

    private bool ProcessStubLibrary(string file, StubLibrary library)
    {
        bool isAdded = false;
        var byImportName = new Dictionary<Utf8String, StubSymbol>();
        foreach (StubSymbol stub in library.Symbols)
        {
            byImportName[stub.Name] = stub;
            SymbolId id = Symbols.Find(stub.Name);
            if (!id.IsNone && Symbols[id].IsUndefined)
                isAdded |= UseStub(file, id, stub);
        }
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            if (Symbols[id].IsUndefined && !Symbols[id].ImportName.IsNone && byImportName.TryGetValue(Symbols[id].ImportName.Value, out StubSymbol? stub))
                isAdded |= UseStub(file, id, stub);
        }
        return isAdded;
    }

    /// <returns>Whether an archive member was linked.</returns>
    private bool UseStub(string file, SymbolId id, StubSymbol stub)
    {
        // The first library that lists a symbol decides.
        if (Symbols[id].Has(SymbolMarks.ForceImport))
            return false;
        Symbols[id].Marks |= SymbolMarks.ForceImport;
        bool isAdded = false;
        foreach (Utf8String name in stub.Dependencies)
        {
            SymbolId dependency = Symbols.Find(name);
            if (dependency.IsNone || Symbols[dependency].IsUndefined)
            {
                _diagnostics.Add(InputErrors.StubDependency(file, DisplayName(name), DisplayName(Symbols[id].Name)));
                continue;
            }
            Symbols[dependency].Marks |= SymbolMarks.ForceExport;
            if (!Symbols[dependency].IsLazy)
                continue;
            isAdded = true;
            Extract(dependency, file);
        }
        return isAdded;
    }
}
