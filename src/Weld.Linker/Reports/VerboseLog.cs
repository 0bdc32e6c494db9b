namespace Weld.Linker.Reports;

/// <summary>The lines of <c>--verbose</c>: what is read, what is linked, what has no effect.</summary>
/// <param name="output">Where they go; opened with the first line.</param>
/// <param name="program">What the program is called in them.</param>
public sealed class VerboseLog(Func<TextWriter> output, string program)
{
    public void Write(string line) => output().Write($"{program}: {line}\n");
}
