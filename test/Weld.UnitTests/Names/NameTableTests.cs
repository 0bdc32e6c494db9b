using System.Text;
using Weld.Base;
using Xunit;

namespace Weld.UnitTests.Names;

public sealed class NameTableTests
{
    [Fact]
    public void Equal_names_have_one_number_and_others_have_others()
    {
        var table = new NameTable();
        NameId first = table.Intern("first");
        NameId second = table.Intern("second");
        NameId empty = table.Intern("");
        Assert.Equal(first, table.Intern("first"));
        Assert.Equal(3, new HashSet<NameId> { first, second, empty }.Count);
        Assert.Equal("second", table[second].ToString());
        Assert.Equal("", table[empty].ToString());
        Assert.True(first.Index < table.Limit && second.Index < table.Limit && empty.Index < table.Limit);
    }

    [Fact]
    public void Threads_that_add_the_same_names_get_the_same_numbers()
    {
        const int Count = 20_000;
        Utf8String[] names = [.. Enumerable.Range(0, Count).Select(static i => Utf8String.Copy(Encoding.UTF8.GetBytes($"name_{i % 7}_{i * 31}")))];
        var table = new NameTable();
        var results = new NameId[4][];
        var threads = new Thread[results.Length];
        for (int t = 0; t < threads.Length; t++)
        {
            int thread = t;
            threads[t] = new Thread(() => results[thread] = thread % 2 == 0 ? InternSingly(table, names) : InternInGroups(table, names));
            threads[t].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        foreach (NameId[] result in results)
            Assert.Equal(results[0], result);
        Assert.Equal(Count, results[0].Distinct().Count());
        for (int i = 0; i < Count; i++)
            Assert.Equal(names[i], table[results[0][i]]);
    }

    private static NameId[] InternSingly(NameTable table, Utf8String[] names) => [.. names.Select(table.Intern)];

    private static NameId[] InternInGroups(NameTable table, Utf8String[] names)
    {
        var ids = new NameId[names.Length];
        // From the end, so that the threads meet.
        for (int end = names.Length; end > 0; end -= NameTable.GroupSize)
        {
            int start = Math.Max(0, end - NameTable.GroupSize);
            table.Intern(names.AsSpan(start, end - start), ids.AsSpan(start, end - start));
        }
        return ids;
    }
}
