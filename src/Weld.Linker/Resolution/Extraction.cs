using Weld.Base;
using Weld.Linker.Inputs;

namespace Weld.Linker.Resolution;

/// <summary>Why an archive member is linked.</summary>
/// <param name="Reference">The file or the option that needed it.</param>
/// <param name="Member">The member.</param>
/// <param name="Symbol">The symbol that was needed.</param>
public readonly record struct Extraction(string Reference, InputFile Member, Utf8String Symbol);
