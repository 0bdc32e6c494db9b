namespace Weld.Air.Instructions;

/// <summary>An instruction of one function, numbered in the order of the text: a body's instructions follow the one that has the body.</summary>
public readonly record struct InstructionId(int Index) : IId<InstructionId>
{
    public static InstructionId FromIndex(int index) => new(index);
}
