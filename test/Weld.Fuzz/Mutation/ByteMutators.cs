using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Mutation;

/// <summary>Changes that know nothing of any format.</summary>
public static class ByteMutators
{
    public static byte[] Mutate(byte[] bytes, byte[] donor, Dice dice)
    {
        if (bytes.Length == 0)
            return donor;
        switch (dice.Below(7))
        {
            case 0 or 1:
                return Flip(bytes, dice);
            case 2:
                return Overwrite(bytes, dice);
            case 3:
                return bytes[..dice.Below(bytes.Length)];
            case 4:
                int from = dice.Below(bytes.Length);
                return [.. bytes.AsSpan(0, from), .. bytes.AsSpan(Math.Min(bytes.Length, from + dice.Between(1, 64)))];
            case 5:
                int at = dice.Below(bytes.Length);
                int again = dice.Below(bytes.Length);
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(again, Math.Min(bytes.Length - again, dice.Between(1, 200))), .. bytes.AsSpan(at)];
            default:
                return [.. bytes.AsSpan(0, dice.Below(bytes.Length)), .. donor.AsSpan(dice.Below(donor.Length))];
        }
    }

    private static byte[] Flip(byte[] bytes, Dice dice)
    {
        byte[] result = [.. bytes];
        for (int left = dice.OneIn(2) ? 1 : dice.Between(1, 16); left > 0; left--)
            result[dice.Below(result.Length)] ^= (byte)(1 << dice.Below(8));
        return result;
    }

    private static byte[] Overwrite(byte[] bytes, Dice dice)
    {
        byte[] result = [.. bytes];
        byte value = dice.Pick<byte>([0, 1, 0x7f, 0x80, 0xff, dice.Byte()]);
        result.AsSpan(dice.Below(result.Length)).Slice(0, 1).Fill(value);
        int start = dice.Below(result.Length);
        result.AsSpan(start, Math.Min(result.Length - start, dice.Between(1, 8))).Fill(value);
        return result;
    }
}
