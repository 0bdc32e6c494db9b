using Weld.Base;
using Xunit;

namespace Weld.UnitTests.Names;

public sealed class NameHashTests
{
    [Fact]
    public void Every_bit_of_a_name_counts()
    {
        for (int length = 1; length <= 70; length++)
        {
            byte[] name = [.. Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 26)))];
            var hashes = new HashSet<uint> { (uint)NameHash.Compute(name) };
            for (int bit = 0; bit < length * 8; bit++)
            {
                name[bit >> 3] ^= (byte)(1 << (bit & 7));
                Assert.True(hashes.Add((uint)NameHash.Compute(name)), $"length {length}, bit {bit}");
                name[bit >> 3] ^= (byte)(1 << (bit & 7));
            }
        }
    }

    [Fact]
    public void Names_of_zeros_differ_by_their_length()
    {
        IEnumerable<ulong> hashes = Enumerable.Range(0, 100).Select(static length => NameHash.Compute(new byte[length]));
        Assert.Equal(100, hashes.Distinct().Count());
    }

    /// <summary>Tables use the lower bits, which must be spread even where names differ in their last characters only.</summary>
    [Fact]
    public void Numbered_names_are_spread()
    {
        const int Buckets = 1 << 12;
        var used = new HashSet<uint>();
        for (int i = 0; i < Buckets; i++)
            used.Add((uint)NameHash.Compute(System.Text.Encoding.UTF8.GetBytes($"_ZN4proj13NameSlotImpl27append{i}Ej")) % Buckets);
        // As many as chance would leave empty: one in e.
        Assert.InRange(used.Count, Buckets * 0.61, Buckets * 0.66);
    }
}
