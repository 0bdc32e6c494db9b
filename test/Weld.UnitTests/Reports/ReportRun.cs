using Weld.UnitTests.Options;

namespace Weld.UnitTests.Reports;

/// <summary>Links in a test's directory, whose files are written as <c>$name</c>.</summary>
internal static class ReportRun
{
    /// <summary>weld as a program, built with these tests.</summary>
    public static string WeldProgram { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "weld.exe" : "weld");

    public static LinkerRun Weld(TempDirectory directory, string line) => LinkerRun.Weld(TestObjects.Arguments(directory, line));

    public static LinkerRun WasmLd(TempDirectory directory, string line) => LinkerRun.WasmLd(directory, TestObjects.Arguments(directory, line));
}
