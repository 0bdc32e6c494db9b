using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Mutation;

/// <summary>Applies one random change to a file of any kind.</summary>
public static class Mutator
{
    /// <param name="file">The file's bytes; they are not changed.</param>
    /// <param name="donor">Another file, for splices.</param>
    /// <param name="dice">The choices.</param>
    public static byte[] Mutate(byte[] file, byte[] donor, Dice dice)
    {
        if (ArchiveMutators.IsArchive(file) && !dice.OneIn(5))
            return ArchiveMutators.Mutate(file, member => Mutate(member, donor, dice), dice);
        if (dice.OneIn(7) || ObjectParts.Split(file) is not List<Part> parts)
            return ByteMutators.Mutate(file, donor, dice);
        if (dice.OneIn(9))
            SectionMutators.Mutate(parts, ObjectParts.Split(donor) ?? [], dice);
        else
            FieldMutators.Mutate(parts, dice);
        return ObjectParts.Join(parts);
    }
}
