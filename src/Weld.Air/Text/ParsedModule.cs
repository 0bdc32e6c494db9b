namespace Weld.Air.Text;

/// <summary>What a text says, and where it says it.</summary>
public sealed record ParsedModule(AirModule Module, SourceMap Positions);
