using Weld.Base.Diagnostics;
using Weld.Mir.Modules;
using Weld.Wasm.Text;

namespace Weld.Cli;

/// <summary>A file of AIR and what code generation made of it.</summary>
/// <param name="Source">The file.</param>
/// <param name="Object">The code.</param>
internal sealed record CompiledModule(AirSource Source, ModuleObject Object)
{
    public string? ToWat(DiagnosticBag diagnostics) => Object.Read(diagnostics) is ReadOnlyMemory<byte> bytes ? ObjectWat.Print(bytes.ToArray()) : null;

    public string ToMir() => MirText.Print(Object);
}
