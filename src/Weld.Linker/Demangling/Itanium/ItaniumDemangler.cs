namespace Weld.Linker.Demangling.Itanium;

/// <summary>C++ names in the Itanium scheme: parse into a tree, then print the tree.</summary>
/// <remarks>https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling. The text of a name cannot be written while it is
/// read, because a declarator surrounds what it declares and a substitution repeats a part in another setting.</remarks>
internal sealed class ItaniumDemangler
{
    private readonly ItaniumTree _tree = new();
    private readonly ItaniumParser _parser;
    private readonly ItaniumPrinter _printer;

    public ItaniumDemangler()
    {
        _parser = new ItaniumParser(_tree);
        _printer = new ItaniumPrinter(_tree);
    }

    /// <summary>Appends the demangled name; if false, there may be leftovers after what was there.</summary>
    public bool TryDemangle(ReadOnlySpan<byte> mangled, Utf8Buffer output)
    {
        _tree.Reset(mangled);
        int root = _parser.ParseMangledName();
        return root != ItaniumTree.None && _printer.TryPrint(root, output);
    }
}
