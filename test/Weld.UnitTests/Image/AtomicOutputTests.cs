using Weld.Linker.Image;
using Xunit;

namespace Weld.UnitTests.Image;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class AtomicOutputTests
{
    private const int LargeSize = 9_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(LargeSize)]
    public void A_new_file_has_all_bytes_and_is_executable(int size)
    {
        using var directory = new TempDirectory();
        Commit(directory["out"], size);
        Assert.Equal(MakeBytes(size), File.ReadAllBytes(directory["out"]));
        AssertIsAlone(directory, "out");
        Assert.Equal(ModeOfWasmLd(directory), File.GetUnixFileMode(directory["out"]));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(LargeSize)]
    public void Bytes_that_are_not_written_are_zero(int size)
    {
        using var directory = new TempDirectory();
        AtomicOutput output = Create(directory["out"], size);
        Assert.Equal(size, output.Length);
        Assert.True(output.TryCommit(out _));
        Assert.Equal(new byte[size], File.ReadAllBytes(directory["out"]));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(LargeSize)]
    public void The_old_file_stays_until_the_commit(int size)
    {
        using var directory = new TempDirectory();
        directory.Write("out", "old"u8);
        AtomicOutput output = Create(directory["out"], size);
        output.Span(0, 3).Fill(1);
        Assert.Equal("old"u8, File.ReadAllBytes(directory["out"]));
        output.Discard();
        output.Discard();
        Assert.Equal("old"u8, File.ReadAllBytes(directory["out"]));
        AssertIsAlone(directory, "out");
        Commit(directory["out"], 2);
        Assert.Equal(MakeBytes(2), File.ReadAllBytes(directory["out"]));
    }

    [Fact]
    public void Old_permissions_and_hard_links_do_not_matter()
    {
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Write("out", "old"u8), UnixFileMode.UserRead);
        ExternalTool.Run(directory.Path, "ln", "out", "other");
        Commit(directory["out"], 2);
        Assert.Equal(ModeOfWasmLd(directory), File.GetUnixFileMode(directory["out"]));
        Assert.Equal("old"u8, File.ReadAllBytes(directory["other"]));
    }

    [Fact]
    public void A_link_is_replaced_as_wasm_ld_does()
    {
        using var directory = new TempDirectory();
        directory.Write("target", "old"u8);
        File.CreateSymbolicLink(directory["out"], "target");
        File.CreateSymbolicLink(directory["dangling"], "nowhere");
        Commit(directory["out"], 2);
        Commit(directory["dangling"], 2);
        Assert.Null(new FileInfo(directory["out"]).LinkTarget);
        Assert.Equal("old"u8, File.ReadAllBytes(directory["target"]));
        Assert.Null(new FileInfo(directory["dangling"]).LinkTarget);
        Assert.False(File.Exists(directory["nowhere"]));
    }

    [Fact]
    public void Devices_are_written_and_not_replaced()
    {
        using var directory = new TempDirectory();
        File.CreateSymbolicLink(directory["link"], "/dev/null");
        foreach (string path in (string[])["/dev/null", directory["link"]])
        {
            Commit(path, 100);
            Assert.Empty(File.ReadAllBytes(path));
        }
        Assert.Equal("/dev/null", new FileInfo(directory["link"]).LinkTarget);
    }

    [Fact]
    public async Task Pipes_are_written_and_not_replaced()
    {
        using var directory = new TempDirectory();
        ExternalTool.Run(directory.Path, "mkfifo", "pipe");
        Task reader = Task.Run(() => ExternalTool.Run(directory.Path, "sh", "-c", "cat pipe > copy"), TestContext.Current.CancellationToken);
        Commit(directory["pipe"], 300_000);
        await reader;
        Assert.Equal(MakeBytes(300_000), File.ReadAllBytes(directory["copy"]));
        Assert.Equal("pipe\n", ExternalTool.Run(directory.Path, "find", ".", "-type", "p", "-printf", "%f\n"));
    }

    [Theory]
    [InlineData("missing/out", "No such file or directory")]
    [InlineData("directory", "Is a directory")]
    [InlineData("file/out", "Not a directory")]
    public void Reasons_are_the_words_of_wasm_ld(string name, string expected)
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["directory"]);
        directory.Write("file", "x"u8);
        Assert.False(AtomicOutput.TryCheckWritable(directory[name], out string? error));
        Assert.Equal(expected, error);
        Assert.Null(AtomicOutput.TryCreate(directory[name], 1, out error));
        Assert.Equal(expected, error);
        MakeObject(directory);
        Assert.Contains($"cannot open output file {name}: {expected}\n", ExternalTool.TryRun(directory.Path, "wasm-ld-22", "a.o", "--no-entry", "-o", name).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Writable_paths_pass_the_check()
    {
        using var directory = new TempDirectory();
        directory.Write("file", "x"u8);
        foreach (string path in (string[])[directory["new"], directory["file"], "/dev/null", "-", "relative"])
            Assert.True(AtomicOutput.TryCheckWritable(path, out _), path);
        AssertIsAlone(directory, "file");
    }

    [Fact]
    public void A_full_disk_is_an_error_and_leaves_nothing()
    {
        using var directory = new TempDirectory();
        directory.Write("out", "old"u8);
        // More than any file system has; the size is larger than a file can be on most.
        Assert.Null(AtomicOutput.TryCreate(directory["out"], 1L << 60, out string? error));
        Assert.Contains(error, (string?[])["No space left on device", "File too large"]);
        Assert.Equal("old"u8, File.ReadAllBytes(directory["out"]));
        AssertIsAlone(directory, "out");
    }

    [Fact]
    public void A_device_that_is_full_is_an_error()
    {
        AtomicOutput output = Create("/dev/full", 100);
        Assert.False(output.TryCommit(out string? error));
        Assert.Equal("No space left on device", error);
    }

    [Fact]
    public void A_directory_that_vanished_is_an_error()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["below"]);
        AtomicOutput output = Create(directory["below/out"], 100);
        Directory.Delete(directory["below"], recursive: true);
        Assert.False(output.TryCommit(out string? error));
        Assert.Equal("No such file or directory", error);
    }

    [Fact]
    public void Spans_outside_the_output_are_refused()
    {
        using var directory = new TempDirectory();
        AtomicOutput output = Create(directory["out"], 3);
        Assert.Equal(0, output.Span(3, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => output.Span(2, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => output.Span(-1, 1).Length);
        output.Discard();
    }

    private static void Commit(string path, int size)
    {
        AtomicOutput output = Create(path, size);
        MakeBytes(size).CopyTo(output.Span(0, size));
        Assert.True(output.TryCommit(out string? error), error);
    }

    private static AtomicOutput Create(string path, long size)
    {
        AtomicOutput? output = AtomicOutput.TryCreate(path, size, out string? error);
        Assert.Null(error);
        return output!;
    }

    private static UnixFileMode ModeOfWasmLd(TempDirectory directory)
    {
        MakeObject(directory);
        ExternalTool.Run(directory.Path, "wasm-ld-22", "a.o", "--no-entry", "-o", "oracle");
        return File.GetUnixFileMode(directory["oracle"]);
    }

    private static void MakeObject(TempDirectory directory)
    {
        directory.Write("a.c", "int x;"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "a.c");
    }

    private static void AssertIsAlone(TempDirectory directory, string name) =>
        Assert.Equal(directory[name], Assert.Single(Directory.GetFileSystemEntries(directory.Path)));

    private static byte[] MakeBytes(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
            bytes[i] = (byte)(1 + (i % 251));
        return bytes;
    }
}
