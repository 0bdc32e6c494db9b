using Weld.Base.Ids;

namespace Weld.Mir;

/// <summary>A function of the module. The numbers are the front end's own: codegen needs no table to find them.</summary>
public readonly record struct MirFunctionId(int Index) : IId<MirFunctionId>
{
    public static MirFunctionId FromIndex(int index) => new(index);
}

/// <summary>A named variable or constant in memory; numbered by the front end.</summary>
public readonly record struct MirDataId(int Index) : IId<MirDataId>
{
    public static MirDataId FromIndex(int index) => new(index);
}

/// <summary>A constant without a name, which the front end has once for each value; numbered by it.</summary>
public readonly record struct MirConstantId(int Index) : IId<MirConstantId>
{
    public static MirConstantId FromIndex(int index) => new(index);
}

/// <summary>An enum whose names the program asks for; numbered by the front end.</summary>
public readonly record struct MirEnumId(int Index) : IId<MirEnumId>
{
    public static MirEnumId FromIndex(int index) => new(index);
}

/// <summary>An exception tag; numbered by the front end.</summary>
public readonly record struct MirTagId(int Index) : IId<MirTagId>
{
    public static MirTagId FromIndex(int index) => new(index);
}

/// <summary>A function type in a <see cref="MirSignaturePool"/>.</summary>
public readonly record struct MirSignatureId(int Index) : IId<MirSignatureId>
{
    public static MirSignatureId FromIndex(int index) => new(index);
}

/// <summary>A global of wasm: first those of the tool conventions, then the front end's.</summary>
public readonly record struct MirGlobalId(int Index) : IId<MirGlobalId>
{
    /// <summary>How many the tool conventions give; the front end's follow.</summary>
    public const int PredefinedCount = 2;

    public static MirGlobalId StackPointer => new(0);

    public static MirGlobalId TlsBase => new(1);

    public static MirGlobalId FromIndex(int index) => new(index);
}

/// <summary>A local of a function: first its parameters, then locals in the order in which they were made. Lowering renumbers.</summary>
public readonly record struct MirLocal(int Index) : IId<MirLocal>
{
    public static MirLocal FromIndex(int index) => new(index);
}

/// <summary>What a branch goes to: a block, loop or if, by the number of blocks around its contents.</summary>
public readonly record struct MirLabel(int Depth);
