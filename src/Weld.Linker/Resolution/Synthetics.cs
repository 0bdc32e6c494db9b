using Weld.Base;
using Weld.Linker.Options;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <summary>A function that the linker makes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Signature">Its type.</param>
/// <param name="Name">The name in the name section and in messages, as text that is not demangled.</param>
/// <param name="Body">The body (locals, instructions, end) when it is known already; later stages supply the others.</param>
public sealed record SyntheticFunction(FunctionId Id, SignatureId Signature, string Name, byte[]? Body)
{
    /// <summary>The body of a function that must not be called: it traps.</summary>
    public static byte[] Unreachable { get; } = [0x00, 0x00, 0x0b];
}

/// <summary>A global that the linker makes; its value is known after memory is laid out.</summary>
public sealed record SyntheticGlobal(GlobalId Id, GlobalType Type, SymbolId Symbol);

/// <summary>A table that the linker makes: the indirect function table.</summary>
public sealed record SyntheticTable(TableId Id, SymbolId Symbol);

/// <summary>Names that the linker knows.</summary>
public static class WellKnownNames
{
    public const string CallCtors = "__wasm_call_ctors";
    public const string CallDtors = "__wasm_call_dtors";
    public const string StackPointer = "__stack_pointer";
    public const string MemoryBase = "__memory_base";
    public const string TableBase = "__table_base";
    public const string TlsBase = "__tls_base";
    public const string TlsSize = "__tls_size";
    public const string TlsAlign = "__tls_align";
    public const string InitTls = "__wasm_init_tls";
    public const string InitMemory = "__wasm_init_memory";
    public const string InitMemoryFlag = "__wasm_init_memory_flag";
    public const string ApplyDataRelocs = "__wasm_apply_data_relocs";
    public const string ApplyGlobalRelocs = "__wasm_apply_global_relocs";
    public const string ApplyTlsRelocs = "__wasm_apply_tls_relocs";
    public const string ApplyGlobalTlsRelocs = "__wasm_apply_global_tls_relocs";
    public const string Start = "__wasm_start";
    public const string IndirectFunctionTable = "__indirect_function_table";
    public const string DefaultModule = "env";

    /// <summary>The data symbols that exist only when something names them, in the order in which wasm-ld makes them.</summary>
    public static IReadOnlyList<string> OptionalData { get; } =
    [
        "__dso_handle", "__data_end", "__stack_low", "__stack_high", "__global_base", "__heap_base", "__heap_end",
        "__memory_base", "__table_base", "__wasm_first_page_end",
    ];

    /// <summary>Every symbol that the linker itself defines, but for those whose names depend on the input.</summary>
    public static IReadOnlyList<string> Defined { get; } =
    [
        CallCtors, CallDtors, StackPointer, TlsBase, TlsSize, TlsAlign, IndirectFunctionTable, InitTls, InitMemory, InitMemoryFlag,
        ApplyDataRelocs, ApplyGlobalRelocs, ApplyTlsRelocs, ApplyGlobalTlsRelocs, Start,
        .. OptionalData,
    ];

    /// <summary>Whether one of <see cref="OptionalData"/> is known at link time: in position-independent output few are.</summary>
    public static bool HasAddress(string name, LinkOptions options) => name switch
    {
        "__dso_handle" or "__wasm_first_page_end" => true,
        "__data_end" => !options.Shared,
        _ => !options.IsPic,
    };

    public static Utf8String DefaultModuleName { get; } = Utf8String.FromLiteral("env"u8);
}
