using System.Collections.Concurrent;
using Weld.Base.Diagnostics;
using Weld.CodeGen.Constants;
using Weld.CodeGen.Functions;
using Weld.Mir.Modules;

namespace Weld.CodeGen;

/// <summary>Compiles a module into an object in memory: functions to MIR, variables and constants to bytes; all at once, or item by item
/// as they change. What is compiled must have passed the verifier.</summary>
/// <remarks>Items may be updated from any thread, each from one at a time. Numbers of errors are constants in code: an error keeps the number
/// that it gets when the module first sees its name, so a new error changes no code but that which counts them.</remarks>
public sealed class ModuleCompiler
{
    private readonly AirModule _module;
    private readonly TypeLayouts _layouts;
    private readonly CodeGenTarget _target;
    private readonly ConcurrentBag<Worker> _idle = [];
    private readonly Lock _exportLock = new();
    private readonly HashSet<ItemId> _removed = [];
    private int _exportsTaken;

    public ModuleCompiler(AirModule module, CodeGenTarget target)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _layouts = new TypeLayouts(module, target.Air);
        _target = target;
        Object = new ModuleObject(target.Is64, new MirSignaturePool(), target.Names());
    }

    /// <summary>What is compiled so far. Its functions and data have the numbers of the module's items.</summary>
    public ModuleObject Object { get; }

    /// <summary>Compiles everything.</summary>
    /// <param name="module">What to compile.</param>
    /// <param name="target">For what.</param>
    /// <param name="diagnostics">Receives what cannot be compiled; then the result is not to be used.</param>
    /// <param name="threads">How many functions to compile at the same time.</param>
    public static ModuleObject Compile(AirModule module, CodeGenTarget target, DiagnosticBag diagnostics, int threads = 1)
    {
        var compiler = new ModuleCompiler(module, target);
        compiler.UpdateAll(diagnostics, threads);
        return compiler.Object;
    }

    /// <summary>Compiles all items, and takes over what concerns the whole module.</summary>
    public void UpdateAll(DiagnosticBag diagnostics, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        AirItem[] items = [.. _module.Items.All()];
        if (threads > 1)
            UpdateInParallel(items, diagnostics, threads);
        else
            foreach (AirItem item in items)
                Update(item, diagnostics);
        UpdateModule();
    }

    /// <summary>Compiles one function, variable or constant that is new or has changed.</summary>
    /// <param name="item">The item.</param>
    /// <param name="diagnostics">Receives what cannot be compiled; then the item is what it was before.</param>
    public void Update(AirItem item, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (!_idle.TryTake(out Worker? worker))
            worker = new Worker(_module, _layouts, Object.Signatures, _target);
        if (item is AirFunction function)
            UpdateFunction(function, worker);
        else if (item is AirVariable variable)
            UpdateVariable(variable, worker);
        Restore(item.Id);
        diagnostics.AddRange(worker.Diagnostics.Diagnostics);
        // A worker that has reported something would report it again.
        if (worker.Diagnostics.Diagnostics.Count == 0)
            _idle.Add(worker);
    }

    /// <summary>Takes an item out of the object, with its exports. What still refers to it when the object is linked is an error.</summary>
    public void Remove(AirItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item is AirFunction)
            Object.Functions.Remove(new MirFunctionId(item.Id.Index));
        else
            Object.Data.Remove(new MirDataId(item.Id.Index));
        lock (_exportLock)
        {
            _removed.Add(item.Id);
            foreach (AirExport export in _module.Exports)
                if (export.Item == item.Id)
                    Object.Exports.Remove(export.Name);
        }
    }

    /// <summary>Takes over new exports and names of errors. To be called after changes, before the next link.</summary>
    public void UpdateModule()
    {
        for (int i = 0; i < _module.Errors.Count; i++)
            Object.SetErrorName(new ErrorId(i).Number, _module.Errors[new ErrorId(i)]);
        IReadOnlyList<AirExport> exports = _module.Exports;
        lock (_exportLock)
            for (; _exportsTaken < exports.Count; _exportsTaken++)
                if (!_removed.Contains(exports[_exportsTaken].Item))
                    Add(exports[_exportsTaken]);
    }

    /// <summary>An item that was removed and is compiled again has its exports again.</summary>
    private void Restore(ItemId item)
    {
        lock (_exportLock)
            if (_removed.Remove(item))
                foreach (AirExport export in _module.Exports.Take(_exportsTaken))
                    if (export.Item == item)
                        Add(export);
    }

    private void Add(AirExport export)
    {
        MirReference target = _module.Items[export.Item] is AirFunction ? new MirFunctionId(export.Item.Index) : new MirDataId(export.Item.Index);
        Object.Exports.Set(new MirExport(export.Name, target, export.Linkage == Linkage.Weak, export.Visibility == Visibility.Hidden));
    }

    // Messages in the order of the items, whichever worker was first.
    private void UpdateInParallel(AirItem[] items, DiagnosticBag diagnostics, int threads)
    {
        var bags = new DiagnosticBag[items.Length];
        Parallel.For(0, items.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, index => Update(items[index], bags[index] = new DiagnosticBag()));
        foreach (DiagnosticBag bag in bags)
            diagnostics.AddRange(bag.Diagnostics);
    }

    private void UpdateFunction(AirFunction function, Worker worker)
    {
        MirFunction? body = function.Body is null ? null : worker.Functions.Compile(function);
        if (worker.Diagnostics.HasErrors)
            return;
        Object.Functions.Set(new MirFunctionId(function.Id.Index), new MirFunctionItem
        {
            Name = function.Name,
            Order = function.Id.Index,
            Signature = body?.Signature ?? worker.Context.Abis.Get(function.Type).Signature,
            Body = body,
            Linkage = LinkageOf(function.Linkage),
            IsHidden = function.Visibility == Visibility.Hidden,
            ImportModule = function.ImportModule,
            ImportField = function.ImportField,
        });
        if (body is null)
            return;
        foreach (int index in body.Symbolic)
            AddNamed(body, body.Instructions[index], worker);
    }

    private void AddNamed(MirFunction body, MirInstruction instruction, Worker worker)
    {
        int operand = (int)instruction.Operand;
        if (instruction.Opcode == MirOpcode.ConstantAddress)
            AddConstant(new ValueId((int)body.Extra[operand]), worker);
        else if (instruction.Opcode == MirOpcode.CallTagName)
            AddEnum(new TypeId(operand));
        else if (instruction.HasSymbolicOffset && MirOpcodeTable.Encoding(instruction.Opcode) == MirEncoding.Memory && body.Extra[operand] == (uint)MirReferenceKind.Constant)
            AddConstant(new ValueId((int)body.Extra[operand + 1]), worker);
    }

    private void UpdateVariable(AirVariable variable, Worker worker)
    {
        MirDataContents? contents = variable.Initial.TryGet(out ValueId initial) ? worker.Constants.Encode(initial, variable.Alignment) : null;
        Object.Data.Set(new MirDataId(variable.Id.Index), new MirDataItem
        {
            Name = variable.Name,
            Order = variable.Id.Index,
            Linkage = LinkageOf(variable.Linkage),
            IsHidden = variable.Visibility == Visibility.Hidden,
            IsConstant = variable.IsConst,
            IsThreadLocal = variable.IsThreadLocal,
            Section = variable.Section,
            Contents = contents,
        });
        AddConstants(contents, worker);
    }

    /// <summary>Encodes a constant and those that it points to, unless they are there; a value never changes.</summary>
    private void AddConstant(ValueId value, Worker worker)
    {
        worker.Pending.Push(value);
        while (worker.Pending.TryPop(out ValueId next))
        {
            var id = new MirConstantId(next.Index);
            if (Object.Constants[id] is not null)
                continue;
            MirDataContents contents = worker.Constants.Encode(next);
            Object.Constants.Set(id, contents);
            PushConstants(contents, worker);
        }
    }

    private void AddConstants(MirDataContents? contents, Worker worker)
    {
        foreach (MirDataRelocation relocation in contents?.Relocations ?? [])
            if (relocation.Target.Kind == MirReferenceKind.Constant)
                AddConstant(new ValueId(relocation.Target.Id), worker);
    }

    private static void PushConstants(MirDataContents contents, Worker worker)
    {
        foreach (MirDataRelocation relocation in contents.Relocations)
            if (relocation.Target.Kind == MirReferenceKind.Constant)
                worker.Pending.Push(new ValueId(relocation.Target.Id));
    }

    private void AddEnum(TypeId type)
    {
        var id = new MirEnumId(type.Index);
        if (Object.Enums[id] is not null)
            return;
        var data = (EnumType)_module.Types[type];
        _layouts.TryGetInteger(type, out IntegerShape shape);
        Object.Enums.Set(id, new MirEnumItem(
            data.Name ?? "enum", shape.Bits, [.. data.Fields.Select(static field => ((ulong)(field.Value & ulong.MaxValue), field.Name))]));
    }

    private static MirLinkage LinkageOf(Linkage linkage) => linkage switch
    {
        Linkage.Internal => MirLinkage.Internal,
        Linkage.Weak => MirLinkage.Weak,
        _ => MirLinkage.Strong,
    };

    /// <summary>What one thread needs at a time.</summary>
    private sealed class Worker
    {
        public Worker(AirModule module, TypeLayouts layouts, MirSignaturePool signatures, CodeGenTarget target)
        {
            Context = new CodeGenContext(module, layouts, signatures, target, Diagnostics);
            Functions = new FunctionCompiler(Context);
            Constants = Context.Constants;
        }

        public DiagnosticBag Diagnostics { get; } = new();

        public CodeGenContext Context { get; }

        public FunctionCompiler Functions { get; }

        public ConstantEncoder Constants { get; }

        public Stack<ValueId> Pending { get; } = new();
    }
}
