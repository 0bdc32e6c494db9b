namespace Weld.Air.Instructions;

/// <summary>The instructions of a body, with those of the bodies in it: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct BodyRange(int Start, int End)
{
    public bool IsEmpty => Start >= End;

    public bool Contains(InstructionId instruction) => instruction.Index >= Start && instruction.Index < End;
}
