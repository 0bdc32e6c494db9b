using Weld.Base;
using Weld.Base.Ids;
using Xunit;

namespace Weld.UnitTests.Ids;

public sealed class IdSetTests
{
    [Theory]
    [InlineData(200, 0.02)]
    [InlineData(200, 0.5)]
    [InlineData(64, 1.0)]
    [InlineData(130, 0.0)]
    public void Next_finds_the_members_of_a_range_in_order(int count, double share)
    {
        var random = new Random(count);
        var set = new IdSet<NameId>(count);
        var members = Enumerable.Range(0, count).Where(_ => random.NextDouble() < share).ToHashSet();
        foreach (int member in members)
            set.Add(new NameId(member));
        for (int start = 0; start <= count; start += 7)
            for (int end = start; end <= count; end += 13)
            {
                var found = new List<int>();
                for (int i = set.Next(start, end); i < end; i = set.Next(i + 1, end))
                    found.Add(i);
                Assert.Equal(Enumerable.Range(start, end - start).Where(members.Contains), found);
            }
    }

    [Fact]
    public void Next_ends_where_the_set_has_no_rows()
    {
        var set = new IdSet<NameId>(10);
        Assert.Equal(1000, set.Next(5, 1000));
        Assert.Equal(1000, set.Next(900, 1000));
    }

    [Fact]
    public void Rows_of_another_set_are_added_once_and_only_those_asked_for()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            var live = new IdSet<NameId>(192);
            var followed = new IdSet<NameId>(192);
            for (int i = 0; i < 192; i++)
                if (random.Next(2) == 0)
                    live.Add(new NameId(i));
            int first = random.Next(192);
            int end = random.Next(first, 193);
            var added = new List<int>();
            for (int pass = 0; pass < 2; pass++)
                for (int word = first >> 6; word << 6 < end; word++)
                    for (ulong bits = followed.AddSharedFrom(live, word, first, end); bits != 0; bits &= bits - 1)
                        added.Add((word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits));
            Assert.Equal(Enumerable.Range(first, end - first).Where(i => live.Contains(new NameId(i))), added);
            Assert.Equal(added.Count, followed.Count);
        }
    }
}
