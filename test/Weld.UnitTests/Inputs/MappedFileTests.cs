using Weld.Linker.Inputs;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed class MappedFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData((8 * 1024) - 1)]
    [InlineData(8 * 1024)]
    [InlineData((8 * 1024) + 1)]
    [InlineData(1_000_000)]
    public void Has_the_bytes_of_the_file(int size)
    {
        using var directory = new TempDirectory();
        byte[] bytes = MakeBytes(size);
        MappedFile file = Open(directory.Write("input", bytes));
        Assert.Equal(size, file.Length);
        Assert.Equal(bytes, file.Span(0, size).ToArray());
        file.Release();
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public async Task Reads_a_pipe_to_its_end()
    {
        using var directory = new TempDirectory();
        byte[] bytes = MakeBytes(300_000);
        string data = directory.Write("data", bytes);
        ExternalTool.Run(directory.Path, "mkfifo", "pipe");
        Task writer = Task.Run(() => ExternalTool.Run(directory.Path, "sh", "-c", $"cat '{data}' > pipe"), TestContext.Current.CancellationToken);
        MappedFile file = Open(directory["pipe"]);
        await writer;
        Assert.Equal(bytes, file.Span(0, (int)file.Length).ToArray());
    }

    [Fact]
    public void Reads_a_file_that_has_no_size() =>
        Assert.True(Open("/proc/self/maps").Length > 4096);

    [Theory]
    [InlineData("missing", "No such file or directory")]
    [InlineData("directory", "Is a directory")]
    [InlineData("file/below", "Not a directory")]
    [InlineData("nul\0inside", "Invalid argument")]
    public void Says_why_a_file_cannot_be_opened(string name, string expected)
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["directory"]);
        directory.Write("file", "x"u8);
        Assert.Null(MappedFile.TryOpen(directory.Path + "/" + name, out string? error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Reasons_are_the_words_of_wasm_ld()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["directory"]);
        foreach (string name in (string[])["missing", "directory"])
        {
            Assert.Null(MappedFile.TryOpen(directory[name], out string? error));
            Assert.Contains($"cannot open {name}: {error}\n", ExternalTool.TryRun(directory.Path, "wasm-ld-22", name, "-o", "out").Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Spans_outside_the_file_are_refused()
    {
        MappedFile file = MappedFile.FromMemory("memory", Array.Empty<byte>(), "abc"u8.ToArray());
        Assert.Equal("bc"u8, file.Span(1, 2));
        Assert.Equal(0, file.Span(3, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(2, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(4, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(1, -1).Length);
    }

    private static MappedFile Open(string path)
    {
        MappedFile? file = MappedFile.TryOpen(path, out string? error);
        Assert.Null(error);
        return file!;
    }

    private static byte[] MakeBytes(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
            bytes[i] = (byte)(i * 131 >> 3);
        return bytes;
    }
}
