using Weld.Mir.Modules;
using Weld.Mir.Objects;
using Weld.Wasm.Text;

namespace Weld.Cli;

/// <summary>A file of AIR and what code generation made of it.</summary>
/// <param name="Source">The file.</param>
/// <param name="Mir">The code.</param>
internal sealed record CompiledModule(AirSource Source, MirModule Mir)
{
    /// <summary>The relocatable object.</summary>
    public byte[] ToObject() => ObjectWriter.Write(Mir, ("weld", WeldVersion.Number));

    public string ToWat() => ObjectWat.Print(ObjectWriter.Write(Mir));

    public string ToMir() => MirText.Print(Mir);
}
