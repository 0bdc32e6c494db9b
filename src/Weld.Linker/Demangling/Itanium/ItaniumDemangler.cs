namespace Weld.Linker.Demangling.Itanium;

/// <summary>C++ names in the Itanium scheme: parse into a tree, then print the tree.</summary>
/// <remarks>https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling. The text of a name cannot be written while it is
/// read, because a declarator surrounds what it declares and a substitution repeats a part in another setting.</remarks>
internal sealed class ItaniumDemangler
{
    // Productions and nodes nested in each other; a level of template arguments counts three to five. Real names stay below
    // the first number, which takes less than half a megabyte of stack.
    private const int ShallowDepth = 512;
    private const int DeepDepth = 8192;
    private const int DeepStack = 32 << 20;

    private readonly ItaniumTree _tree = new();
    private readonly ItaniumParser _parser;
    private readonly ItaniumPrinter _printer;
    private readonly QuickDemangler _quick;

    public ItaniumDemangler()
    {
        _parser = new ItaniumParser(_tree);
        _printer = new ItaniumPrinter(_tree);
        _quick = new QuickDemangler(_tree);
    }

    /// <summary>Appends the demangled name; if false, there may be leftovers after what was there.</summary>
    public bool TryDemangle(ReadOnlySpan<byte> mangled, Utf8Buffer output)
    {
        int start = output.Length;
        _tree.Reset(mangled);
        if (_quick.TryDemangle(output))
            return true;
        output.Truncate(start);
        return TryDemangleFully(mangled, output);
    }

    /// <summary>The same for any name, by way of the tree.</summary>
    internal bool TryDemangleFully(ReadOnlySpan<byte> mangled, Utf8Buffer output)
    {
        int start = output.Length;
        if (TryDemangle(mangled, output, ShallowDepth))
            return true;
        if (!_parser.WasTooDeep && !_printer.WasTooDeep)
            return false;

        output.Truncate(start);
        return TryDemangleDeeply(mangled.ToArray(), output);
    }

    // Compilers allow templates to nest a thousand deep; such a name gets a stack of its own.
    private bool TryDemangleDeeply(byte[] mangled, Utf8Buffer output)
    {
        bool done = false;
        var thread = new Thread(() => done = TryDemangle(mangled, output, DeepDepth), DeepStack);
        thread.Start();
        thread.Join();
        return done;
    }

    private bool TryDemangle(ReadOnlySpan<byte> mangled, Utf8Buffer output, int maxDepth)
    {
        _tree.Reset(mangled);
        int root = _parser.ParseMangledName(maxDepth);
        return root != ItaniumTree.None && _printer.TryPrint(root, output, maxDepth);
    }
}
