using Weld.Base.Diagnostics;
using Weld.CodeGen.Constants;
using Weld.CodeGen.Functions;
using Weld.Mir.Modules;

namespace Weld.CodeGen;

/// <summary>Compiles a module: functions to MIR, variables and constants to bytes. The module must have passed the verifier.</summary>
public sealed class ModuleCompiler
{
    private readonly AirModule _module;
    private readonly TypeLayouts _layouts;
    private readonly CodeGenTarget _target;
    private readonly DiagnosticBag _diagnostics;
    private readonly MirModule _result;
    private readonly ConstantEncoder _constants;
    private readonly Stack<ValueId> _pending = new();

    private ModuleCompiler(AirModule module, CodeGenTarget target, DiagnosticBag diagnostics)
    {
        _module = module;
        _layouts = new TypeLayouts(module, target.Air);
        _target = target;
        _diagnostics = diagnostics;
        _result = new MirModule(target.Is64, new MirSignaturePool());
        _constants = new ConstantEncoder(module, _layouts);
    }

    /// <param name="module">What to compile.</param>
    /// <param name="target">For what.</param>
    /// <param name="diagnostics">Receives what cannot be compiled; then the result is not to be used.</param>
    /// <param name="threads">How many functions to compile at the same time.</param>
    public static MirModule Compile(AirModule module, CodeGenTarget target, DiagnosticBag diagnostics, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(module);
        var compiler = new ModuleCompiler(module, target, diagnostics);
        compiler.CompileFunctions(threads);
        compiler.AddVariables();
        compiler.AddConstants();
        compiler.AddExports();
        compiler._result.Features.UnionWith(target.Names());
        for (int i = 0; i < module.Errors.Count; i++)
            compiler._result.ErrorNames.Add(module.Errors[new ErrorId(i)]);
        return compiler._result;
    }

    private void CompileFunctions(int threads)
    {
        AirFunction[] functions = [.. _module.Functions];
        MirFunction?[] bodies = threads > 1 ? CompileInParallel(functions, threads) : CompileInOrder(functions);
        CodeGenContext context = MakeContext(_diagnostics);
        for (int i = 0; i < functions.Length; i++)
            AddFunction(functions[i], bodies[i], context);
    }

    private MirFunction?[] CompileInOrder(AirFunction[] functions)
    {
        var compiler = new FunctionCompiler(MakeContext(_diagnostics));
        var bodies = new MirFunction?[functions.Length];
        for (int i = 0; i < functions.Length; i++)
            if (functions[i].Body is not null)
                bodies[i] = compiler.Compile(functions[i]);
        return bodies;
    }

    // Messages in the order of the functions, whichever worker was first.
    private MirFunction?[] CompileInParallel(AirFunction[] functions, int threads)
    {
        var bodies = new MirFunction?[functions.Length];
        var bags = new DiagnosticBag?[functions.Length];
        Parallel.For(
            0,
            functions.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            MakeWorker,
            (index, _, worker) =>
            {
                if (functions[index].Body is null)
                    return worker;
                bodies[index] = worker.Compiler.Compile(functions[index]);
                if (worker.Bag.Diagnostics.Count == 0)
                    return worker;
                bags[index] = worker.Bag;
                return MakeWorker();
            },
            static _ => { });
        foreach (DiagnosticBag? bag in bags)
            if (bag is not null)
                _diagnostics.AddRange(bag.Diagnostics);
        return bodies;
    }

    private (DiagnosticBag Bag, FunctionCompiler Compiler) MakeWorker()
    {
        var bag = new DiagnosticBag();
        return (bag, new FunctionCompiler(MakeContext(bag)));
    }

    private CodeGenContext MakeContext(DiagnosticBag diagnostics) => new(_module, _layouts, _result.Signatures, _target, diagnostics);

    private void AddFunction(AirFunction function, MirFunction? body, CodeGenContext context)
    {
        _result.Functions[new MirFunctionId(function.Id.Index)] = new MirFunctionItem
        {
            Name = function.Name,
            Signature = body?.Signature ?? context.Abis.Get(function.Type).Signature,
            Body = body,
            Linkage = LinkageOf(function.Linkage),
            IsHidden = function.Visibility == Visibility.Hidden,
            ImportModule = function.ImportModule,
            ImportField = function.ImportField,
        };
        if (body is null)
            return;
        foreach (int index in body.Symbolic)
            NoteReference(body, body.Instructions[index]);
    }

    private void NoteReference(MirFunction body, MirInstruction instruction)
    {
        int operand = (int)instruction.Operand;
        if (instruction.Opcode == MirOpcode.ConstantAddress)
            NoteConstant(new ValueId((int)body.Extra[operand]));
        else if (instruction.Opcode == MirOpcode.CallTagName)
            AddEnum(new TypeId(operand));
        else if (instruction.HasSymbolicOffset && MirOpcodeTable.Encoding(instruction.Opcode) == MirEncoding.Memory && body.Extra[operand] == (uint)MirReferenceKind.Constant)
            NoteConstant(new ValueId((int)body.Extra[operand + 1]));
    }

    private void AddVariables()
    {
        foreach (AirVariable variable in _module.Variables)
        {
            MirDataContents? contents = variable.Initial.TryGet(out ValueId initial) ? _constants.Encode(initial, variable.Alignment) : null;
            _result.Data[new MirDataId(variable.Id.Index)] = new MirDataItem
            {
                Name = variable.Name,
                Linkage = LinkageOf(variable.Linkage),
                IsHidden = variable.Visibility == Visibility.Hidden,
                IsConstant = variable.IsConst,
                IsThreadLocal = variable.IsThreadLocal,
                Section = variable.Section,
                Contents = contents,
            };
            NoteConstants(contents);
        }
    }

    /// <summary>Makes the constants that something refers to, and those that these refer to.</summary>
    private void AddConstants()
    {
        while (_pending.TryPop(out ValueId value))
        {
            MirDataContents contents = _constants.Encode(value);
            _result.Constants[new MirConstantId(value.Index)] = contents;
            NoteConstants(contents);
        }
        foreach ((ValueId value, int alignment) in _constants.AlignmentsAskedFor)
        {
            var id = new MirConstantId(value.Index);
            if (_result.Constants[id] is { } contents && contents.AlignmentLog2 < alignment)
                _result.Constants[id] = contents with { AlignmentLog2 = alignment };
        }
    }

    private void NoteConstants(MirDataContents? contents)
    {
        foreach (MirDataRelocation relocation in contents?.Relocations ?? [])
            if (relocation.Target.Kind == MirReferenceKind.Constant)
                NoteConstant(new ValueId(relocation.Target.Id));
    }

    private void NoteConstant(ValueId value)
    {
        var id = new MirConstantId(value.Index);
        if (_result.Constants[id] is not null)
            return;
        // In the table at once, so that it is made once.
        _result.Constants[id] = MirDataContents.Zeros(0, 0);
        _pending.Push(value);
    }

    private void AddEnum(TypeId type)
    {
        var id = new MirEnumId(type.Index);
        if (_result.Enums[id] is not null)
            return;
        var data = (EnumType)_module.Types[type];
        _layouts.TryGetInteger(type, out IntegerShape shape);
        _result.Enums[id] = new MirEnumItem(
            data.Name ?? $"enum{type.Index}", shape.Bits, [.. data.Fields.Select(static field => ((ulong)(field.Value & ulong.MaxValue), field.Name))]);
    }

    private void AddExports()
    {
        foreach (AirExport export in _module.Exports)
        {
            AirItem item = _module.Items[export.Item];
            MirReference target = item is AirFunction ? new MirFunctionId(item.Id.Index) : new MirDataId(item.Id.Index);
            _result.Exports.Add(new MirExport(export.Name, target, export.Linkage == Linkage.Weak, export.Visibility == Visibility.Hidden));
        }
    }

    private static MirLinkage LinkageOf(Linkage linkage) => linkage switch
    {
        Linkage.Internal => MirLinkage.Internal,
        Linkage.Weak => MirLinkage.Weak,
        _ => MirLinkage.Strong,
    };
}
