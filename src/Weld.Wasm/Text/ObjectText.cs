namespace Weld.Wasm.Text;

/// <summary>Makes relocatable objects from readable text, so that a test of the linker needs no compiler.</summary>
/// <remarks>The format is described in docs/file-tests.md.</remarks>
public static class ObjectText
{
    /// <summary>The bytes of the object that <paramref name="text"/> describes.</summary>
    /// <exception cref="Base.Diagnostics.MalformedInputException">The text is wrong; the message names the line.</exception>
    public static byte[] Assemble(string text)
    {
        var scanner = new TextScanner(text);
        ObjectModel model = new ObjectTextParser(scanner).Run();
        return new ObjectEncoder(scanner, model).Run();
    }
}
