namespace Weld.Air.Instructions;

/// <summary>Instructions by number: those of a body, or those that a builder has so far.</summary>
internal interface IInstructions
{
    AirOpcode Opcode(InstructionId instruction);

    TypeId Type(InstructionId instruction);

    int Word(InstructionId instruction, int position);
}
