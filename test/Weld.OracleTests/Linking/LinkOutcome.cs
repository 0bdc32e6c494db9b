using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Linking;

/// <summary>A finished link and where its output should be.</summary>
public sealed record LinkOutcome(ProcessResult Run, string Output)
{
    public bool Succeeded => Run.ExitCode == 0;

    /// <summary>The output of a link that must have worked, silently.</summary>
    public string Module
    {
        get
        {
            Assert.True(Succeeded && File.Exists(Output), $"no module from {Run}");
            Assert.True(Run.AllOutput.Length == 0, $"not silent: {Run}");
            return Output;
        }
    }
}
