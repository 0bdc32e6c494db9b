using System.Text;
using Weld.Base;
using Weld.Linker.Planning;
using Weld.Wasm.Binary;
using Xunit;

namespace Weld.UnitTests.Image;

public sealed class StringTailMergerTests
{
    [Fact]
    public void Tails_share_bytes()
    {
        var merger = new StringTailMerger();
        int[] ids = [.. ((string[])["bar", "foobar", "", "ar", "foobar", "baz"]).Select(s => Add(merger, s))];
        Assert.Equal([0, 1, 2, 3, 1, 4], ids);
        merger.Finish();
        Assert.Equal("baz\0foobar\0", Written(merger));
        Assert.Equal([7, 4, 10, 8, 0], Enumerable.Range(0, merger.Count).Select(merger.OffsetOf));
    }

    [Fact]
    public void Without_tails_the_order_stays()
    {
        var merger = new StringTailMerger(StringMerging.Duplicates);
        foreach (string text in (string[])["bar", "foobar", "", "bar"])
            Add(merger, text);
        merger.Finish();
        Assert.Equal("bar\0foobar\0\0", Written(merger));
        Assert.Equal([0, 4, 11], Enumerable.Range(0, merger.Count).Select(merger.OffsetOf));
    }

    [Fact]
    public void Nothing_gives_nothing()
    {
        var merger = new StringTailMerger();
        merger.Finish();
        Assert.Equal(0, merger.Size);
        merger.Write(0, []);
    }

    [Fact]
    public void A_piece_without_nul_is_refused() =>
        Assert.Throws<ArgumentException>(() => new StringTailMerger().Add(Utf8String.FromText("x"), 0));

    [Fact]
    public void Equal_hashes_do_not_confuse_strings()
    {
        var merger = new StringTailMerger();
        Assert.Equal([0, 1, 0], ((string[])["a", "b", "a"]).Select(s => merger.Add(Utf8String.FromText(s + "\0"), 7)));
    }

    [Theory]
    [InlineData(2, 12, 3000)]
    [InlineData(2, 40, 3000)]
    [InlineData(255, 20, 3000)]
    [InlineData(1, 500, 500)]
    public void Equals_the_plain_method(int letters, int longest, int count)
    {
        var random = new Random(letters + longest);
        var merger = new StringTailMerger();
        var added = new List<string>();
        for (int i = 0; i < count; i++)
        {
            string text = string.Create(random.Next(longest + 1), random, (span, r) =>
            {
                foreach (ref char c in span)
                    c = (char)(1 + r.Next(letters));
            });
            // A tail of another string, or one of which another is the tail.
            string other = i == 0 ? "" : added[random.Next(added.Count)][..^1];
            if (i % 3 == 1)
                text = other[random.Next(other.Length + 1)..];
            else if (i % 3 == 2)
                text += other;
            Add(merger, text);
            added.Add(text + "\0");
        }
        merger.Finish();
        Assert.Equal(MergePlainly(added), Written(merger));
        string result = Written(merger);
        int id = 0;
        foreach (string text in added.Distinct())
            Assert.Equal(text, result.Substring(merger.OffsetOf(id++), text.Length));
    }

    [Fact]
    public void Long_equal_tails_are_neither_deep_nor_slow()
    {
        // 5000 strings with the same last 20000 bytes: one level of grouping for each eight of these.
        string tail = new('x', 20_000);
        var merger = new StringTailMerger();
        for (int i = 0; i < 5000; i++)
            Add(merger, $"{i:x4}{tail}");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        merger.Finish();
        Assert.Equal(5000 * 20_005, merger.Size);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void Debug_strings_are_merged_as_wasm_ld_does()
    {
        using var directory = new TempDirectory();
        string[] objects = MakeObjects(directory, "-g", "-O0");
        ExternalTool.Run(directory.Path, "wasm-ld-22", [.. objects, "--no-entry", "--no-gc-sections", "-o", "out.wasm"]);
        byte[] expected = ReadSection(directory["out.wasm"], ".debug_str");
        Assert.Equal(expected, Merge(objects.Select(o => ReadSection(directory[o], ".debug_str"))));
    }

    [Fact]
    public void String_literals_are_merged_as_wasm_ld_does()
    {
        using var directory = new TempDirectory();
        string[] objects = MakeObjects(directory, "-Os");
        ExternalTool.Run(directory.Path, "wasm-ld-22", [.. objects, "--no-entry", "--no-gc-sections", "-o", "out.wasm"]);
        byte[] expected = Assert.Single(ReadSegments(directory["out.wasm"]));
        Assert.Equal(expected, Merge(objects.SelectMany(o => ReadSegments(directory[o]))));
    }

    [Fact]
    public void Bytes_of_a_section_are_found_among_the_merged_strings()
    {
        // "ab", "", "xyz" and, in a second section, "yz", which ends "xyz".
        var strings = new MergedStrings();
        Assert.Equal(0, strings.Add(Utf8String.FromText("ab\0\0xyz\0")));
        Assert.Equal(1, strings.Add(Utf8String.FromText("yz\0")));
        strings.Finish(threads: 1);
        string written = Written(strings);
        Assert.Equal("xyz\0ab\0", written);
        // The last of each row is the end of the section, and two bytes behind it.
        Assert.Equal([4, 5, 6, 6, 0, 1, 2, 3, 4, 6], Enumerable.Range(0, 9).Append(10).Select(offset => (int)strings.Map(0, (ulong)offset)));
        Assert.Equal([1, 2, 3, 4, 6], Enumerable.Range(0, 4).Append(5).Select(offset => (int)strings.Map(1, (ulong)offset)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_byte_of_many_strings_is_found_at_any_number_of_threads(int threads)
    {
        var random = new Random(7);
        string[] sections = [.. Enumerable.Range(0, 300).Select(_ =>
            string.Concat(Enumerable.Range(0, 1 + random.Next(400)).Select(_ => new string((char)('a' + random.Next(3)), random.Next(40)) + random.Next(2000) + "\0")))];
        var strings = new MergedStrings();
        foreach (string section in sections)
            strings.Add(Latin1(section));
        strings.Finish(threads);
        string written = Written(strings);
        for (int section = 0; section < sections.Length; section++)
            for (int offset = 0; offset < sections[section].Length; offset++)
                Assert.Equal(sections[section][offset], written[(int)strings.Map(section, (ulong)offset)]);
        Assert.Equal(MergePlainly(sections.SelectMany(static section => section.Split('\0')[..^1]).Select(static text => text + "\0")), written);
    }

    [Fact]
    public void An_empty_section_adds_nothing()
    {
        var strings = new MergedStrings();
        strings.Add(Utf8String.FromText(""));
        strings.Finish(threads: 1);
        Assert.Equal(0, strings.Size);
    }

    [Fact]
    public void A_section_that_does_not_end_in_nul_is_left_out()
    {
        var strings = new MergedStrings();
        foreach (string section in (string[])["ab\0cd", "e\0", "f"])
            strings.Add(Utf8String.FromText(section));
        strings.Finish(threads: 1);
        Assert.Equal([0, 2], strings.Damaged.ToArray());
        Assert.Equal("e\0", Written(strings));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    public void Strings_may_start_and_end_at_any_byte(int size)
    {
        var strings = new MergedStrings();
        string[] sections = [.. Enumerable.Range(0, size).Select(end => new string('a', end) + "\0" + new string('b', size - end) + "\0")];
        foreach (string section in sections)
            strings.Add(Latin1(section));
        strings.Finish(threads: 1);
        string written = Written(strings);
        for (int section = 0; section < sections.Length; section++)
        {
            int[] places = [.. Enumerable.Range(0, size + 2).Select(offset => (int)strings.Map(section, (ulong)offset))];
            Assert.Equal(sections[section], string.Concat(places.Select(place => written[place])));
            Assert.Equal(places[^1] + 1, (int)strings.Map(section, (ulong)size + 2));
        }
    }

    private static string Written(MergedStrings strings)
    {
        byte[] bytes = new byte[strings.Size];
        WriteInParts(bytes, strings.Write);
        return Encoding.Latin1.GetString(bytes);
    }

    private delegate void PartWriter(int start, Span<byte> destination);

    /// <summary>As the output is written: in parts that begin and end within strings.</summary>
    private static void WriteInParts(byte[] bytes, PartWriter write)
    {
        const int Part = 5;
        for (int start = 0; start < bytes.Length; start += Part)
            write(start, bytes.AsSpan(start, Math.Min(Part, bytes.Length - start)));
    }

    private static int Add(StringTailMerger merger, string text)
    {
        Utf8String piece = Latin1(text + "\0");
        return merger.Add(piece, NameHash.Compute(piece.Bytes));
    }

    private static unsafe Utf8String Latin1(ReadOnlySpan<char> text) => Native(Encoding.Latin1.GetBytes(text.ToArray()));

    /// <summary>A copy that the garbage collector does not move.</summary>
    private static unsafe Utf8String Native(ReadOnlySpan<byte> bytes)
    {
        byte* copy = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return new Utf8String(copy, bytes.Length);
    }

    private static string Written(StringTailMerger merger)
    {
        byte[] bytes = new byte[merger.Size];
        bytes.AsSpan().Fill(0xee);
        WriteInParts(bytes, merger.Write);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>The definition: sort by reversed strings from high to low, and share with what was placed last.</summary>
    private static string MergePlainly(IEnumerable<string> pieces)
    {
        static string Reverse(string text) => new([.. text.Reverse()]);
        var result = new StringBuilder();
        string previous = "";
        foreach (string piece in pieces.Distinct().Select(Reverse).OrderDescending(StringComparer.Ordinal).Select(Reverse))
        {
            if (!previous.EndsWith(piece, StringComparison.Ordinal))
                result.Append(previous = piece);
        }
        return result.ToString();
    }

    private static byte[] Merge(IEnumerable<byte[]> sections)
    {
        var strings = new MergedStrings();
        foreach (byte[] section in sections)
            strings.Add(Native(section));
        strings.Finish(threads: 2);
        byte[] bytes = new byte[strings.Size];
        strings.Write(0, bytes);
        return bytes;
    }

    /// <summary>Two objects full of names and string literals with common tails, some of them in both.</summary>
    private static string[] MakeObjects(TempDirectory directory, params string[] options)
    {
        var random = new Random(5);
        string[] words = ["get", "set", "Value", "value_of", "x", "_end", "count", "ount", "stretched_to_more_than_sixteen_bytes"];
        for (int file = 0; file < 2; file++)
        {
            var source = new StringBuilder("void use(const char *);\n");
            for (int i = 0; i < 400; i++)
            {
                string name = string.Concat(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => words[random.Next(words.Length)]));
                string literal = i % 5 == 0 ? name + "\\n" : name[random.Next(name.Length)..];
                source.Append($"struct {name}{i} {{ int {name}_field; }} variable{file}_{i};\nvoid {name}_{file}_{i}(int {name}) {{ use(\"{literal}\"); use(\"\"); }}\n");
            }
            directory.Write($"{file}.c", Encoding.UTF8.GetBytes(source.ToString()));
            ExternalTool.Run(directory.Path, "clang-22", ["--target=wasm32", .. options, "-c", $"{file}.c", "-o", $"{file}.o"]);
        }
        directory.Write("use.c", "void use(const char *s) {}"u8);
        ExternalTool.Run(directory.Path, "clang-22", ["--target=wasm32", .. options, "-c", "use.c"]);
        return ["0.o", "1.o", "use.o"];
    }

    private static byte[] ReadSection(string path, string name)
    {
        var reader = new WasmReader(File.ReadAllBytes(path).AsSpan(8));
        while (!reader.AtEnd)
        {
            byte id = reader.ReadByte();
            var section = new WasmReader(reader.ReadBytes(reader.ReadLebU32()));
            if (id == 0 && Encoding.UTF8.GetString(section.ReadName()) == name)
                return section.ReadBytes((uint)section.Remaining).ToArray();
        }
        throw new InvalidOperationException($"{path} has no section {name}");
    }

    private static List<byte[]> ReadSegments(string path)
    {
        var segments = new List<byte[]>();
        var reader = new WasmReader(File.ReadAllBytes(path).AsSpan(8));
        while (!reader.AtEnd)
        {
            byte id = reader.ReadByte();
            var section = new WasmReader(reader.ReadBytes(reader.ReadLebU32()));
            if (id != 11)
                continue;
            for (uint count = section.ReadLebU32(); count > 0; count--)
            {
                Assert.Equal(0u, section.ReadLebU32());   // active
                Assert.Equal(0x41, section.ReadByte());   // i32.const
                section.ReadLebS32();
                Assert.Equal(0x0b, section.ReadByte());   // end
                byte[] bytes = section.ReadName().ToArray();
                // The variables are zeros of a fixed size; strings never start with NUL unless they are empty.
                if (!bytes.AsSpan().SequenceEqual(new byte[4]))
                    segments.Add(bytes);
            }
        }
        return segments;
    }
}
