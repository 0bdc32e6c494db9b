namespace Weld.Air.Tests.Running;

/// <summary>With which kinds of operands an instruction must be tried, by its row, and with which one was.</summary>
/// <remarks>A cell is a part of an instruction and a kind, such as "T u7", "x optional with flag", "pointer to struct".</remarks>
internal static class InstructionCells
{
    private static readonly string[] FieldsOf = ["struct", "extern struct", "packed struct", "tuple", "union", "bare union", "extern union", "packed union"];
    private static readonly string[] Flagged = [.. OperandKinds.Optionals, "optional of nothing"];
    private static readonly string[] CountTypes = [.. OperandKinds.Integers.Where(static kind => kind != "i1")];
    private static readonly string[] ScalarKinds = ["bool", "integer", "wide integer", "f32", "f64", "pointer", "any enum"];

    /// <summary>Rows that say "any" where the verifier knows more, and which kinds that are.</summary>
    private static readonly Dictionary<(AirOpcode Opcode, string Part), string[]> Narrower = new()
    {
        // i1 has not got the number 1 that the widths start with.
        [(AirOpcode.Clz, "T")] = CountTypes,
        [(AirOpcode.Ctz, "T")] = CountTypes,
        [(AirOpcode.Popcount, "T")] = CountTypes,
        [(AirOpcode.Clz, "x")] = OperandKinds.Integers,
        [(AirOpcode.Ctz, "x")] = OperandKinds.Integers,
        [(AirOpcode.Popcount, "x")] = OperandKinds.Integers,
        [(AirOpcode.ByteSwap, "T")] = ["u8", "i8", "u16", "i16", "u24", "i24", "u32", "i32", "u40", "i40", "u48", "i48", "u56", "i56", "u64", "i64"],
        [(AirOpcode.Bitcast, "T")] = ["bool", "integer", "wide integer", "f32", "f64", "pointer", "slice", "any enum", "optional without flag", "error set", "error union", "packed struct", "packed union", "array"],
        [(AirOpcode.Bitcast, "x")] = ["bool", "integer", "wide integer", "f32", "f64", "pointer", "slice", "any enum", "optional without flag", "error set", "error union", "packed struct", "packed union", "array"],
        [(AirOpcode.AddrspaceCast, "x")] = ["single pointer", "many pointer"],
        [(AirOpcode.Intcast, "x")] = [.. OperandKinds.Integers, .. OperandKinds.Enums],
        [(AirOpcode.IntcastSafe, "x")] = [.. OperandKinds.Integers, .. OperandKinds.Enums],
        [(AirOpcode.Trunc, "x")] = OperandKinds.Integers,
        [(AirOpcode.Fptrunc, "T")] = ["f32"],
        [(AirOpcode.Fptrunc, "x")] = ["f64"],
        [(AirOpcode.Fpext, "T")] = ["f64"],
        [(AirOpcode.Fpext, "x")] = ["f32"],
        [(AirOpcode.IntFromFloat, "x")] = OperandKinds.Floats,
        [(AirOpcode.IntFromFloatOptimized, "x")] = OperandKinds.Floats,
        [(AirOpcode.IntFromFloatSafe, "x")] = OperandKinds.Floats,
        [(AirOpcode.IntFromFloatOptimizedSafe, "x")] = OperandKinds.Floats,
        [(AirOpcode.FloatFromInt, "x")] = OperandKinds.Integers,
        [(AirOpcode.ShuffleOne, "x")] = ["vector"],
        [(AirOpcode.ShuffleTwo, "x")] = ["vector"],
        [(AirOpcode.ShuffleTwo, "y")] = ["vector"],
        [(AirOpcode.Splat, "T")] = ["vector", "array"],
        [(AirOpcode.ShuffleOne, "T")] = ["vector"],
        [(AirOpcode.ShuffleTwo, "T")] = ["vector"],
        [(AirOpcode.CmpVector, "T")] = ["vector"],
        [(AirOpcode.CmpVectorOptimized, "T")] = ["vector"],
        [(AirOpcode.Reduce, "T")] = ["vector"],
        [(AirOpcode.ReduceOptimized, "T")] = ["vector"],
        // Bools, optionals and error sets are only equal or not.
        [(AirOpcode.CmpLt, "T")] = [.. OperandKinds.Integers, .. OperandKinds.Floats, "pointer", .. OperandKinds.Enums],
        [(AirOpcode.CmpLte, "T")] = [.. OperandKinds.Integers, .. OperandKinds.Floats, "pointer", .. OperandKinds.Enums],
        [(AirOpcode.CmpGte, "T")] = [.. OperandKinds.Integers, .. OperandKinds.Floats, "pointer", .. OperandKinds.Enums],
        [(AirOpcode.CmpGt, "T")] = [.. OperandKinds.Integers, .. OperandKinds.Floats, "pointer", .. OperandKinds.Enums],
        [(AirOpcode.Load, "pointer")] = ["single pointer", "bit pointer"],
        [(AirOpcode.Store, "pointer")] = ["single pointer", "bit pointer"],
        [(AirOpcode.Store, "value")] = OperandKinds.Any,
        [(AirOpcode.StoreSafe, "pointer")] = ["single pointer", "bit pointer"],
        [(AirOpcode.StoreSafe, "value")] = OperandKinds.Any,
        [(AirOpcode.Memset, "destination")] = ["slice", "to array"],
        [(AirOpcode.Memset, "value")] = OperandKinds.Any,
        [(AirOpcode.MemsetSafe, "destination")] = ["slice", "to array"],
        [(AirOpcode.MemsetSafe, "value")] = OperandKinds.Any,
        [(AirOpcode.Memcpy, "destination")] = ["slice", "to array"],
        [(AirOpcode.Memcpy, "source")] = ["slice", "to array", "many pointer"],
        [(AirOpcode.Memmove, "destination")] = ["slice", "to array"],
        [(AirOpcode.Memmove, "source")] = ["slice", "to array", "many pointer"],
        [(AirOpcode.Prefetch, "pointer")] = ["single pointer", "many pointer"],
        [(AirOpcode.AtomicLoad, "T")] = ScalarKinds,
        [(AirOpcode.AtomicLoad, "pointer")] = ["single pointer"],
        [(AirOpcode.AtomicStore, "pointer")] = ["single pointer"],
        [(AirOpcode.AtomicStore, "value")] = ScalarKinds,
        [(AirOpcode.AtomicRmw, "pointer")] = ["single pointer"],
        [(AirOpcode.AtomicRmw, "T")] = [.. OperandKinds.Integers, .. OperandKinds.Floats, "bool", "pointer", "any enum"],
        [(AirOpcode.CmpxchgWeak, "pointer")] = ["single pointer"],
        [(AirOpcode.CmpxchgStrong, "pointer")] = ["single pointer"],
        [(AirOpcode.CmpxchgWeak, "T")] = ["integer", "bool", "pointer", "any enum", "error set", "optional without flag"],
        [(AirOpcode.CmpxchgStrong, "T")] = ["integer", "wide integer", "bool", "pointer", "any enum", "error set", "optional without flag"],
        [(AirOpcode.MemoryWait, "T")] = ["i32", "i64"],
        [(AirOpcode.MemoryWait, "pointer")] = ["single pointer"],
        [(AirOpcode.MemoryNotify, "pointer")] = ["single pointer"],
        [(AirOpcode.AggregateInit, "T")] = ["array", "struct", "extern struct", "packed struct", "tuple", "vector"],
        [(AirOpcode.UnionInit, "T")] = ["union", "bare union", "extern union", "packed union"],
        [(AirOpcode.StructFieldPtr, "pointer")] = [.. FieldsOf.Select(static kind => $"to {kind}")],
        [(AirOpcode.StructFieldVal, "x")] = FieldsOf,
        [(AirOpcode.FieldParentPtr, "T")] = ["to struct", "to extern struct", "to tuple", "to union", "to bare union"],
        [(AirOpcode.FieldParentPtr, "pointer")] = ["single pointer"],
        [(AirOpcode.SetUnionTag, "pointer")] = ["to union"],
        [(AirOpcode.SetUnionTag, "tag")] = OperandKinds.Enums,
        [(AirOpcode.GetUnionTag, "x")] = ["union"],
        [(AirOpcode.Slice, "pointer")] = ["many pointer", "to array"],
        [(AirOpcode.SliceLen, "x")] = ["slice"],
        [(AirOpcode.SlicePtr, "x")] = ["slice"],
        [(AirOpcode.PtrSliceLenPtr, "pointer")] = ["to slice"],
        [(AirOpcode.PtrSlicePtrPtr, "pointer")] = ["to slice"],
        [(AirOpcode.ArrayElemVal, "x")] = ["array"],
        [(AirOpcode.SliceElemVal, "x")] = ["slice"],
        [(AirOpcode.SliceElemPtr, "x")] = ["slice"],
        [(AirOpcode.PtrElemVal, "pointer")] = ["many pointer", "to array"],
        [(AirOpcode.PtrElemPtr, "pointer")] = ["many pointer", "to array"],
        [(AirOpcode.VectorStoreElem, "pointer")] = ["to vector"],
        [(AirOpcode.VectorStoreElem, "value")] = ["integer"],
        [(AirOpcode.ArrayToSlice, "pointer")] = ["to array"],
        [(AirOpcode.PtrAdd, "pointer")] = ["many pointer"],
        [(AirOpcode.PtrSub, "pointer")] = ["many pointer"],
        [(AirOpcode.IsNull, "x")] = Flagged,
        [(AirOpcode.IsNonNull, "x")] = Flagged,
        [(AirOpcode.IsNullPtr, "pointer")] = [.. Flagged.Select(static kind => $"to {kind}")],
        [(AirOpcode.IsNonNullPtr, "pointer")] = [.. Flagged.Select(static kind => $"to {kind}")],
        [(AirOpcode.OptionalPayload, "x")] = OperandKinds.Optionals,
        [(AirOpcode.OptionalPayloadPtr, "pointer")] = [.. OperandKinds.Optionals.Select(static kind => $"to {kind}")],
        [(AirOpcode.OptionalPayloadPtrSet, "pointer")] = [.. OperandKinds.Optionals.Select(static kind => $"to {kind}")],
        [(AirOpcode.WrapOptional, "T")] = Flagged,
        [(AirOpcode.IsErr, "x")] = [.. OperandKinds.ErrorUnions, "error set"],
        [(AirOpcode.IsNonErr, "x")] = [.. OperandKinds.ErrorUnions, "error set"],
        [(AirOpcode.IsErrPtr, "pointer")] = [.. OperandKinds.ErrorUnions.Select(static kind => $"to {kind}")],
        [(AirOpcode.IsNonErrPtr, "pointer")] = [.. OperandKinds.ErrorUnions.Select(static kind => $"to {kind}")],
        [(AirOpcode.UnwrapErrunionPayload, "x")] = ["error union"],
        [(AirOpcode.UnwrapErrunionErr, "x")] = OperandKinds.ErrorUnions,
        [(AirOpcode.UnwrapErrunionPayloadPtr, "pointer")] = ["to error union"],
        [(AirOpcode.UnwrapErrunionErrPtr, "pointer")] = [.. OperandKinds.ErrorUnions.Select(static kind => $"to {kind}")],
        [(AirOpcode.ErrunionPayloadPtrSet, "pointer")] = ["to error union"],
        [(AirOpcode.Try, "x")] = ["error union"],
        [(AirOpcode.TryCold, "x")] = ["error union"],
        [(AirOpcode.TryPtr, "pointer")] = ["to error union"],
        [(AirOpcode.TryPtrCold, "pointer")] = ["to error union"],
        [(AirOpcode.Br, "result")] = [.. OperandKinds.Any, "void"],
        [(AirOpcode.Ret, "result")] = [.. OperandKinds.Any, "void"],
        [(AirOpcode.RetSafe, "result")] = [.. OperandKinds.Any, "void"],
        [(AirOpcode.RetLoad, "pointer")] = [.. OperandKinds.Any.Select(static kind => $"to {kind}")],
        [(AirOpcode.Call, "function")] = ["to function"],
        [(AirOpcode.CallNeverTail, "function")] = ["to function"],
        [(AirOpcode.CallNeverInline, "function")] = ["to function"],
        [(AirOpcode.CallAlwaysTail, "function")] = ["to function"],
        [(AirOpcode.Call, "arguments")] = OperandKinds.Any,
        [(AirOpcode.Call, "gives")] = [.. OperandKinds.Any, "void", "noreturn"],
        [(AirOpcode.CallNeverTail, "arguments")] = OperandKinds.Any,
        [(AirOpcode.CallNeverInline, "arguments")] = OperandKinds.Any,
        [(AirOpcode.CVaArg, "T")] = ["integer", "wide integer", "f64", "pointer", "extern struct"],
        [(AirOpcode.CVaArg, "pointer")] = ["single pointer"],
        [(AirOpcode.CVaCopy, "pointer")] = ["single pointer"],
        [(AirOpcode.CVaEnd, "pointer")] = ["single pointer"],
        [(AirOpcode.TagName, "x")] = OperandKinds.Enums,
        [(AirOpcode.IsNamedEnumValue, "x")] = OperandKinds.Enums,
        [(AirOpcode.ErrorName, "x")] = ["error set"],
        [(AirOpcode.ErrorSetHasValue, "x")] = ["error set"],
        [(AirOpcode.Assembly, "T")] = ["integer", "wide integer", "f32", "f64", "pointer", "bool"],
        [(AirOpcode.Assembly, "inputs")] = ["integer", "wide integer", "f32", "f64", "pointer", "bool"],
        [(AirOpcode.SetErrReturnTrace, "pointer")] = ["single pointer"],
        [(AirOpcode.DbgVarPtr, "x")] = ["single pointer"],
        [(AirOpcode.DbgVarVal, "x")] = ["integer", "struct"],
        [(AirOpcode.DbgArgInline, "x")] = ["integer", "struct"],
    };

    private static readonly (SubjectClass Class, string[] Kinds)[] ClassKinds =
    [
        (SubjectClass.Integer, OperandKinds.Integers),
        (SubjectClass.Float, OperandKinds.Floats),
        (SubjectClass.Bool, ["bool"]),
        (SubjectClass.Pointer, ["pointer"]),
        (SubjectClass.Slice, ["slice"]),
        (SubjectClass.Enum, OperandKinds.Enums),
        (SubjectClass.ErrorSet, ["error set"]),
        (SubjectClass.Optional, OperandKinds.Optionals),
        (SubjectClass.ErrorUnion, OperandKinds.ErrorUnions),
        (SubjectClass.Any, OperandKinds.Any),
    ];

    /// <summary>What an instruction must be tried with; of one without operands, only that it is there.</summary>
    public static IEnumerable<string> Required(OpcodeInfo info)
    {
        yield return "";
        foreach (string kind in Narrower.GetValueOrDefault((info.Opcode, "T")) ?? OfClass(info))
            yield return $"T {kind}";
        foreach (OperandSpec operand in info.Operands)
            if (operand.Type is not OperandTypeRule.Subject)
                foreach (string kind in Narrower.GetValueOrDefault((info.Opcode, operand.Name), []))
                    yield return $"{operand.Name} {kind}";
        foreach (string kind in Narrower.GetValueOrDefault((info.Opcode, "gives"), []))
            yield return $"gives {kind}";
    }

    /// <summary>Operands of which the row does not say the type, nor <see cref="Narrower"/>.</summary>
    public static IEnumerable<string> Unknown(OpcodeInfo info) => info.Operands
        .Where(operand => operand is { Kind: OperandKind.Value or OperandKind.Values, Type: OperandTypeRule.Any } && !Narrower.ContainsKey((info.Opcode, operand.Name)))
        .Select(operand => $"{info.Name}: {operand.Name}");

    /// <summary>The cells of an instruction in a body.</summary>
    public static IEnumerable<string> Of(AirModule module, AirFunction function, InstructionId id, OperandKinds kinds)
    {
        Weld.Air.Instructions.FunctionBody body = function.Body!;
        OpcodeInfo info = AirOpcodeTable.Get(body.Opcode(id));
        var types = new OperandTypes(module, (FunctionType)module.Types[function.Type], body);
        yield return "";
        if (info.Written != WrittenType.None)
            foreach (string kind in WithPointee(module, types.Subject(info, body.Type(id), body.Words(id)), kinds))
                yield return $"T {kind}";
        foreach (string kind in kinds.Of(body.Type(id)))
            yield return $"gives {kind}";
        int word = 0;
        foreach (OperandSpec operand in info.Operands)
        {
            int count = operand.Kind == OperandKind.Values ? body.Words(id).Length - word : operand.Kind == OperandKind.Value ? 1 : 0;
            for (int i = 0; i < count; i++)
                foreach (string kind in WithPointee(module, body.TypeOf(body.Operand(id, word + i), module), kinds))
                    yield return $"{operand.Name} {kind}";
            word++;
        }
    }

    private static IEnumerable<string> WithPointee(AirModule module, TypeId type, OperandKinds kinds)
    {
        IEnumerable<string> own = kinds.Of(type);
        return module.Types[type] is PointerType { IsMany: false } pointer ? own.Concat(kinds.Of(pointer.Child).Select(static kind => $"to {kind}")) : own;
    }

    private static IEnumerable<string> OfClass(OpcodeInfo info) =>
        info.Written == WrittenType.None ? [] : ClassKinds.Where(row => (info.Class & row.Class) != 0).SelectMany(static row => row.Kinds);
}
