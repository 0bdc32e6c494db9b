using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Mutation;

/// <summary>Changes to the order and the presence of whole sections, and splices between objects.</summary>
public static class SectionMutators
{
    public static void Mutate(List<Part> parts, List<Part> donor, Dice dice)
    {
        if (parts.Count == 0)
            return;
        int section = dice.Below(parts.Count);
        Part part = parts[section];
        switch (dice.Below(7))
        {
            case 0:
                parts.RemoveAt(section);
                break;
            case 1:
                parts.Insert(dice.Below(parts.Count + 1), part);
                break;
            case 2:
                parts.RemoveAt(section);
                parts.Insert(dice.Below(parts.Count + 1), part);
                break;
            case 3:
                parts[section] = part with { Id = (byte)dice.Below(16) };
                break;
            case 4 when donor.Count != 0:
                // The same section of another object: its indexes mean other things here.
                Part? same = donor.Find(other => other.Id == part.Id && other.CustomName == part.CustomName);
                parts[section] = same ?? dice.Pick(donor);
                break;
            case 5 when donor.Count != 0:
                parts.Insert(dice.Below(parts.Count + 1), dice.Pick(donor));
                break;
            default:
                int length = dice.Below(part.Contents.Length + 1);
                parts[section] = part with { Contents = part.Contents[..length] };
                break;
        }
    }
}
