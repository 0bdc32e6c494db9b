using System.Text;

namespace Weld.Cli;

/// <summary>Standard output and error as plain UTF-8, without what <see cref="Console"/> sets up for terminals.</summary>
internal static class Streams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static TextWriter OpenOutput() => new StreamWriter(Console.OpenStandardOutput(), Utf8) { NewLine = "\n" };

    public static TextWriter OpenError() => new StreamWriter(Console.OpenStandardError(), Utf8) { NewLine = "\n" };

    /// <summary>Whether messages go to a terminal that shows colors. See no-color.org.</summary>
    public static bool ErrorTakesColors() => !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
