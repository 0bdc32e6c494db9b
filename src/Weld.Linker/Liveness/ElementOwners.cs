using Weld.Linker.Resolution;

namespace Weld.Linker.Liveness;

/// <summary>Which object each function and each segment is of.</summary>
internal sealed class ElementOwners
{
    private readonly ResolvedProgram _program;
    private readonly int[] _ofFunction;
    private readonly int[] _ofSegment;

    public ElementOwners(ResolvedProgram program)
    {
        _program = program;
        _ofFunction = new int[program.FunctionCount];
        _ofSegment = new int[program.SegmentCount];
        foreach (LinkedObject owner in program.Objects)
        {
            _ofFunction.AsSpan(owner.FirstFunction, owner.Object.Functions.Length).Fill(owner.Index);
            _ofSegment.AsSpan(owner.FirstSegment, owner.Object.Segments.Length).Fill(owner.Index);
        }
    }

    public LinkedObject Of(Referent element) => _program.FilesByIndex[element.IsSegment ? _ofSegment[element.Index] : _ofFunction[element.Index]];
}
