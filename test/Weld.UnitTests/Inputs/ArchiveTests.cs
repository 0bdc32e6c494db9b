using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed class ArchiveTests
{
    private const string LongName = "a-name-that-is-longer-than-sixteen-bytes.o";

    private static readonly (string Name, int Size)[] Files =
    [
        ("a.o", 10), (LongName, 11), ("fifteen-bytes.o", 0), ("sixteen--bytes.o", 1), ("with space.o", 7), ("last.rmeta", 3),
    ];

    [Theory]
    [InlineData("llvm-ar-22", "rc", "--format=gnu")]
    [InlineData("llvm-ar-22", "rcS", "--format=gnu")]
    [InlineData("llvm-ar-22", "rc", "--format=bsd")]
    [InlineData("llvm-ar-22", "rc", "--format=coff")]
    [InlineData("ar", "rc", null)]
    [InlineData("ar", "rcS", null)]
    public void Lists_members_of_every_format(string tool, string operation, string? format)
    {
        using TempDirectory directory = MakeFiles();
        Archive archive = MakeArchive(directory, tool, operation, format);
        Assert.False(archive.IsThin);
        Assert.Equal(Files.Select(f => f.Name).Append("symbols.o"), archive.Members.Select(m => m.Name));
        foreach (ArchiveMember member in archive.Members)
            AssertHasBytesOfFile(directory, archive, member);
    }

    [Fact]
    public void Darwin_padding_is_not_part_of_an_object()
    {
        using TempDirectory directory = MakeFiles();
        byte[] good = File.ReadAllBytes(directory["symbols.o"]);
        for (int i = 0; i < 8; i++)
        {
            // A custom section that makes the object longer, and one that is shorter than the padding.
            directory.Write("x.o", [.. good, 0, (byte)(2 + i), 1, (byte)'x', .. Enumerable.Repeat((byte)'\n', i), 0, 2, 1, (byte)'y']);
            File.Delete(directory["x.a"]);
            ExternalTool.Run(directory.Path, "llvm-ar-22", "--format=darwin", "rc", "x.a", "a.o", "x.o");
            Archive archive = Open(directory["x.a"]);
            Assert.Equal(["a.o", "x.o"], archive.Members.Select(m => m.Name));
            AssertHasBytesOfFile(directory, archive, archive.Members[1]);

            directory.Write("x.o", [.. good, 0, (byte)(2 + i), 1, (byte)'x', .. Enumerable.Repeat((byte)'\n', i)]);
            ExternalTool.Run(directory.Path, "llvm-ar-22", "--format=darwin", "rc", "x.a", "x.o");
            archive = Open(directory["x.a"]);
            AssertHasBytesOfFile(directory, archive, archive.Members[1]);
        }
    }

    [Theory]
    [InlineData("llvm-ar-22", "rcT")]
    [InlineData("ar", "rcT")]
    [InlineData("ar", "rcST")]
    public void Thin_members_are_files_beside_the_archive(string tool, string operation)
    {
        using TempDirectory directory = MakeFiles();
        Archive archive = MakeArchive(directory, tool, operation, null);
        Assert.True(archive.IsThin);
        Assert.Equal(Files.Select(f => directory[f.Name]).Append(directory["symbols.o"]), archive.Members.Select(archive.GetPath));
        Assert.All(archive.Members, m => Assert.Equal(new FileInfo(archive.GetPath(m)).Length, m.Length));
        Assert.All(archive.Members, m => Assert.Equal(0, m.NestedHeaderOffset));
    }

    [Fact]
    public void Thin_members_in_other_directories_are_relative_to_the_archive()
    {
        using TempDirectory directory = MakeFiles();
        Directory.CreateDirectory(directory["below"]);
        ExternalTool.Run(directory.Path, "llvm-ar-22", "rcT", "below/x.a", "a.o");
        Archive archive = Open(directory["below/x.a"]);
        Assert.Equal("../a.o", Assert.Single(archive.Members).Name);
        Assert.Equal(directory["below/../a.o"], archive.GetPath(archive.Members[0]));
    }

    [Fact]
    public void Thin_archive_of_an_archive_names_its_members()
    {
        using TempDirectory directory = MakeFiles();
        ExternalTool.Run(directory.Path, "ar", "rc", "inner.a", "a.o", LongName);
        ExternalTool.Run(directory.Path, "ar", "rcT", "outer.a", "last.rmeta", "inner.a");
        Archive outer = Open(directory["outer.a"]);
        Assert.Equal(3, outer.Members.Count);
        foreach ((ArchiveMember member, string expected) in outer.Members.Skip(1).Zip((string[])["a.o", LongName]))
        {
            Archive inner = Open(outer.GetPath(member));
            ArchiveMember nested = inner.FindAt(member.NestedHeaderOffset) ?? default;
            Assert.Equal(expected, nested.Name);
            AssertHasBytesOfFile(directory, inner, nested);
        }
        Assert.Null(Open(directory["inner.a"]).FindAt(9));
    }

    [Theory]
    [InlineData("llvm-ar-22", "--format=gnu")]
    [InlineData("llvm-ar-22", "--format=bsd")]
    [InlineData("llvm-ar-22", "--format=darwin")]
    [InlineData("ar", null)]
    public void Empty_archives_are_fine(string tool, string? format)
    {
        using var directory = new TempDirectory();
        ExternalTool.Run(directory.Path, tool, [.. format is null ? (string[])[] : [format], "rc", "x.a"]);
        Assert.Empty(Open(directory["x.a"]).Members);
    }

    [Fact]
    public void Archive_may_be_larger_than_2_gib_but_a_member_may_not()
    {
        using var directory = new TempDirectory();
        string path = directory["x.a"];
        using (FileStream file = File.Create(path))
        {
            file.Write(Encoding.ASCII.GetBytes("!<arch>\n" + Header("big1.o/", 2_000_000_000)));
            file.Seek(2_000_000_000, SeekOrigin.Current);   // a hole: takes no space on the disk
            file.Write(Encoding.ASCII.GetBytes(Header("big2.o/", 2_000_000_000)));
            file.Seek(2_000_000_000, SeekOrigin.Current);
            file.Write(Encoding.ASCII.GetBytes(Header("small.o/", 2) + "ok"));
        }
        Archive archive = Open(path);
        Assert.Equal(["big1.o", "big2.o", "small.o"], archive.Members.Select(m => m.Name));
        Assert.Equal("ok"u8, archive.File.Span(archive.Members[2].Offset, 2));
        archive.File.Release();

        using (FileStream file = File.OpenWrite(path))
        {
            file.Seek(8, SeekOrigin.Begin);
            file.Write(Encoding.ASCII.GetBytes(Header("big1.o/", 2_500_000_000)));
        }
        MalformedInputException error = Assert.Throws<MalformedInputException>(() => Open(path));
        Assert.Equal("archive member big1.o has 2500000000 bytes; the limit is 2 GiB", error.Message);
    }

    public static TheoryData<string, string, long> MalformedArchives => new()
    {
        { "!<arch>", "not an archive", 0 },
        { "!<arch>\nx", "archive member header is cut off: 1 of 60 bytes", 8 },
        { "!<arch>\n" + Header("a.o/", 0)[..59], "archive member header is cut off: 59 of 60 bytes", 8 },
        { "!<arch>\n" + Header("a.o/", 0)[..58] + "xx", "archive member header does not end in '`\\n'", 66 },
        { "!<arch>\n" + Header("a.o/", "1x"), "archive member size is not a decimal number: '1x'", 56 },
        { "!<arch>\n" + Header("a.o/", "-1"), "archive member size is not a decimal number: '-1'", 56 },
        { "!<arch>\n" + Header("a.o/", ""), "archive member size is missing", 56 },
        { "!<arch>\n" + Header("a.o/", 3) + "12", "archive member of 3 bytes is larger than the 2 bytes that are left", 56 },
        { "!<arch>\n" + Header("a.o/", "9999999999"), "archive member of 9999999999 bytes is larger than the 0 bytes that are left", 56 },
        { "!<arch>\n" + Header("/0", 0), "long archive member name before the table of long names", 9 },
        { "!<arch>\n" + Header("//", 4) + "ab/\n" + Header("/4", 0), "offset 4 of a long archive member name is outside the table of 4 bytes", 73 },
        { "!<arch>\n" + Header("//", 4) + "abcd" + Header("/0", 0), "long archive member name has no end", 68 },
        { "!<arch>\n" + Header("//", 4) + "ab/\n" + Header("/x", 0), "offset of a long archive member name is not a decimal number: 'x'", 73 },
        { "!<arch>\n" + Header("//", 4) + "ab/\n" + Header("/0:8", 0), "reference to a nested archive outside a thin archive", 74 },
        { "!<thin>\n" + Header("//", 4) + "ab/\n" + Header("/0:", 0), "offset in the nested archive is missing", 75 },
        { "!<thin>\n" + Header("//", 5) + "ab/\n", "archive member of 5 bytes is larger than the 4 bytes that are left", 56 },
        { "!<arch>\n" + Header("//", 40000) + new string('a', 40000) + Header("/0", 0), "archive member name is longer than 32768 bytes", 68 },
        { "!<arch>\n" + Header("#1/5", 4) + "abcd", "archive member name of 5 bytes is larger than the member of 4 bytes", 11 },
        { "!<arch>\n" + Header("#1/", 4) + "abcd", "archive member name length is missing", 11 },
        { "!<thin>\n" + Header("#1/4", 4) + "abcd", "BSD member name in a thin archive", 8 },
    };

    [Theory]
    [MemberData(nameof(MalformedArchives))]
    public void Malformed_archives_are_refused_with_the_offset(string bytes, string message, long offset)
    {
        MalformedInputException error = Assert.Throws<MalformedInputException>(() => Read(bytes));
        Assert.Equal(message, error.Message);
        Assert.Equal(offset, error.Offset);
    }

    [Theory]
    [InlineData("__.SYMDEF")]
    [InlineData("__.SYMDEF SORTED")]
    [InlineData("__.SYMDEF_64")]
    public void Bsd_index_is_not_a_member(string name)
    {
        Assert.Empty(Read("!<arch>\n" + Header(name, 2) + "xx").Members);
        Assert.Empty(Read("!<arch>\n" + Header("#1/20", 22) + name.PadRight(20, '\0') + "xx").Members);
    }

    [Fact]
    public void Final_padding_may_be_missing() =>
        Assert.Equal(2, Read("!<arch>\n" + Header("a/", 1) + "x\n" + Header("b/", 1) + "y").Members.Count);

    [Fact]
    public void Coff_index_comes_twice() =>
        Assert.Equal("b.o", Assert.Single(Read("!<arch>\n" + Header("/", 2) + "xx" + Header("/", 2) + "xx" + Header("//", 0) + Header("b.o/", 0)).Members).Name);

    [Fact]
    public void Damaged_archives_never_do_worse_than_throw()
    {
        using TempDirectory directory = MakeFiles();
        foreach (string format in (string[])["--format=gnu", "--format=bsd"])
        {
            byte[] good = File.ReadAllBytes(MakeArchive(directory, "llvm-ar-22", "rc", format).File.Path);
            var random = new Random(1);
            for (int i = 0; i < 3000; i++)
            {
                byte[] bytes = good[..(i % 3 == 0 ? random.Next(good.Length) : good.Length)];
                for (int edits = random.Next(4); edits > 0 && bytes.Length > 0; edits--)
                    bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? '0' + random.Next(10) : random.Next(256));
                MappedFile file = MappedFile.FromMemory("x.a", bytes, bytes);
                try
                {
                    Archive archive = Archive.Read(file);
                    // Span throws, and so fails the test, for a member that is not inside the file.
                    if (!archive.IsThin)
                        Assert.All(archive.Members, m => Assert.Equal(m.Length, file.Span(m.Offset, (int)m.Length).Length));
                }
                catch (MalformedInputException error)
                {
                    Assert.InRange(error.Offset, 0, bytes.Length);
                }
                file.Release();
            }
        }
    }

    private static TempDirectory MakeFiles()
    {
        var directory = new TempDirectory();
        foreach ((string name, int size) in Files)
            directory.Write(name, Encoding.ASCII.GetBytes(new string(name[0], size)));
        directory.Write("a.c", "int symbol_that_goes_into_the_index;"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "a.c", "-o", "symbols.o");
        return directory;
    }

    private static Archive MakeArchive(TempDirectory directory, string tool, string operation, string? format)
    {
        File.Delete(directory["x.a"]);
        ExternalTool.Run(directory.Path, tool, [.. format is null ? (string[])[] : [format], operation, "x.a", .. Files.Select(f => f.Name), "symbols.o"]);
        return Open(directory["x.a"]);
    }

    private static void AssertHasBytesOfFile(TempDirectory directory, Archive archive, ArchiveMember member) =>
        Assert.Equal(File.ReadAllBytes(directory[member.Name]), archive.File.Span(member.Offset, (int)member.Length).ToArray());

    private static Archive Open(string path) => Archive.Read(MappedFile.TryOpen(path, out _)!);

    private static Archive Read(string bytes) => Archive.Read(MappedFile.FromMemory("x.a", Array.Empty<byte>(), Encoding.Latin1.GetBytes(bytes)));

    private static string Header(string name, long size) => Header(name, size.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static string Header(string name, string size) =>
        name.PadRight(16) + "0".PadRight(12) + "0".PadRight(6) + "0".PadRight(6) + "644".PadRight(8) + size.PadRight(10) + "`\n";
}
