using System.Text;

namespace Weld.Cli;

/// <summary>Standard output and error as plain UTF-8, without what <see cref="Console"/> sets up for terminals.</summary>
internal static class Streams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static TextWriter OpenOutput() => Open(Console.OpenStandardOutput());

    public static TextWriter OpenError() => Open(Console.OpenStandardError());

    /// <summary>Whether messages go to a terminal that shows colors. See no-color.org.</summary>
    /// <remarks>A Windows console shows the sequences as text unless its mode is changed, which a linker should not do.</remarks>
    public static bool ErrorTakesColors() => !OperatingSystem.IsWindows() && !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    private static StreamWriter Open(Stream stream) => new(new PipeEndStream(stream), Utf8) { NewLine = "\n" };

    /// <summary>Drops what nobody reads any more: <c>weld --help | head</c> is no error.</summary>
    private sealed class PipeEndStream(Stream target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                target.Write(buffer);
            }
            catch (IOException)
            {
                // The reader has gone.
            }
        }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
