using Weld.Base.Diagnostics;
using Weld.Mir.Modules;
using Xunit;

namespace Weld.CodeGen.Tests;

/// <summary>Modules as objects, where a test expects no message.</summary>
internal static class ObjectBytes
{
    public static byte[] Of(ModuleObject module, (string Name, string Version)? processedBy = null)
    {
        module.ProcessedBy = processedBy;
        var diagnostics = new DiagnosticBag();
        ReadOnlyMemory<byte>? bytes = module.Read(diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
        return bytes!.Value.ToArray();
    }
}
