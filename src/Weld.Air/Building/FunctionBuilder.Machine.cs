namespace Weld.Air.Building;

/// <content>What ends a program, variadic arguments, the machine, and what debuggers see.</content>
public sealed partial class FunctionBuilder
{
    // ---- Control ----

    public void Trap() => Emit(AirOpcode.Trap, TypeId.NoReturn);

    public void Breakpoint() => Emit(AirOpcode.Breakpoint, TypeId.Void);

    public void Unreach() => Emit(AirOpcode.Unreach, TypeId.NoReturn);

    // ---- Call ----

    public Operand CVaStart(TypeId type) => Emit(AirOpcode.CVaStart, type);

    public Operand CVaArg(TypeId type, Operand pointer) => Emit(AirOpcode.CVaArg, type, pointer.Raw);

    public Operand CVaCopy(TypeId type, Operand pointer) => Emit(AirOpcode.CVaCopy, type, pointer.Raw);

    public void CVaEnd(Operand pointer) => Emit(AirOpcode.CVaEnd, TypeId.Void, pointer.Raw);

    // ---- Machine ----

    public Operand FrameAddr() => Emit(AirOpcode.FrameAddr, TypeId.Usize);

    public Operand RetAddr() => Emit(AirOpcode.RetAddr, TypeId.Usize);

    public Operand ErrReturnTrace(TypeId type) => Emit(AirOpcode.ErrReturnTrace, type);

    public void SetErrReturnTrace(Operand pointer) => Emit(AirOpcode.SetErrReturnTrace, TypeId.Void, pointer.Raw);

    public Operand SaveErrReturnTraceIndex() => Emit(AirOpcode.SaveErrReturnTraceIndex, TypeId.Usize);

    // ---- Debug ----

    public void DbgStmt(int line, int column) => Emit(AirOpcode.DbgStmt, TypeId.Void, line, column);

    public void DbgEmptyStmt() => Emit(AirOpcode.DbgEmptyStmt, TypeId.Void);

    public void DbgVarPtr(string name, Operand x) => Emit(AirOpcode.DbgVarPtr, TypeId.Void, Module.Names.Intern(name).Index, x.Raw);

    public void DbgVarVal(string name, Operand x) => Emit(AirOpcode.DbgVarVal, TypeId.Void, Module.Names.Intern(name).Index, x.Raw);

    public void DbgArgInline(string name, Operand x) => Emit(AirOpcode.DbgArgInline, TypeId.Void, Module.Names.Intern(name).Index, x.Raw);

    /// <summary>WebAssembly instructions as text, one a line; the inputs are on the stack before, the result after.</summary>
    public Operand Assembly(TypeId type, string text, params ReadOnlySpan<Operand> inputs) =>
        EmitList(AirOpcode.Assembly, type, Module.Names.Intern(text).Index, inputs);
}
