using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Resolution;

namespace Weld.Linker.Reports;

/// <summary>How much a link had to do, for <c>--stats</c>. What a link did not come to is 0.</summary>
public sealed class LinkCounts
{
    public int Files { get; private set; }

    public long InputBytes { get; private set; }

    /// <summary>Objects and archive members.</summary>
    public int Objects { get; private set; }

    public int LinkedObjects { get; private set; }

    public int ExtractedMembers { get; private set; }

    public int Symbols { get; private set; }

    public int Functions { get; private set; }

    public int LiveFunctions { get; private set; }

    public int Segments { get; private set; }

    public int LiveSegments { get; private set; }

    public long OutputBytes { get; set; }

    public void Set(IReadOnlyList<MappedFile> files, IReadOnlyList<LinkInput> inputs)
    {
        Files = files.Count;
        foreach (MappedFile file in files)
            InputBytes += file.Length;
        Objects = inputs.Count;
    }

    public void Set(ResolvedProgram program, int extractedMembers)
    {
        LinkedObjects = program.Objects.Count;
        ExtractedMembers = extractedMembers;
        Symbols = program.Symbols.Count;
        Functions = program.FunctionCount;
        Segments = program.SegmentCount;
    }

    public void Set(LiveSet live)
    {
        LiveFunctions = live.Functions.Count;
        LiveSegments = live.Segments.Count;
    }
}
