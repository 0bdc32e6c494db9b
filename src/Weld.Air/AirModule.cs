using System.Runtime.CompilerServices;
using Weld.Air.Building;
using Weld.Air.Text;

namespace Weld.Air;

/// <summary>Everything that is compiled together: types, constants, errors, functions, variables, exports.</summary>
/// <remarks>Types, constants, errors and items may be added from any thread. A function's body is built by one thread at a time.</remarks>
public sealed class AirModule
{
    private readonly List<AirExport> _exports = [];

    public AirModule()
    {
        Types = new TypeTable(this);
        Values = new ValueTable(this);
    }

    public TypeTable Types { get; }

    public ValueTable Values { get; }

    public ErrorTable Errors { get; } = new();

    public NameTable Names { get; } = new();

    public ItemTable Items { get; } = new();

    /// <summary>Where things are in the text that the module was parsed from; null if it was built.</summary>
    public SourceMap? Positions { get; internal set; }

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<AirExport> Exports
    {
        get
        {
            lock (_exports)
                return [.. _exports];
        }
    }

    public IEnumerable<AirFunction> Functions => Items.All().OfType<AirFunction>();

    public IEnumerable<AirVariable> Variables => Items.All().OfType<AirVariable>();

    // ---- Functions ----

    /// <summary>Adds a function and starts its body.</summary>
    [OverloadResolutionPriority(1)]
    public FunctionBuilder DefineFunction(string name, ReadOnlySpan<TypeId> parameters, TypeId result, CallingConvention convention = CallingConvention.Auto) =>
        DefineFunction(name, Types.Function(parameters, result, convention));

    /// <summary>Adds a function with names for its parameters, and starts its body.</summary>
    public FunctionBuilder DefineFunction(string name, ReadOnlySpan<(string Name, TypeId Type)> parameters, TypeId result, CallingConvention convention = CallingConvention.Auto)
    {
        var types = new TypeId[parameters.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = parameters[i].Type;
        FunctionBuilder builder = DefineFunction(name, Types.Function(types, result, convention));
        for (int i = 0; i < types.Length; i++)
            builder.SetName(builder.Parameter(i), parameters[i].Name);
        return builder;
    }

    public FunctionBuilder DefineFunction(string name, TypeId functionType) => Build(AddFunction(name, functionType));

    /// <summary>Adds a function whose body comes later, with <see cref="Build"/>, so that others can call it before.</summary>
    public AirFunction AddFunction(string name, TypeId functionType)
    {
        CheckFunctionType(functionType);
        return Items.Add(name, id => new AirFunction(id, name, functionType));
    }

    /// <summary>Starts the body of a function.</summary>
    public FunctionBuilder Build(AirFunction function) => new(this, function);

    /// <summary>Adds a function with names for its parameters, and starts its body as a graph of blocks.</summary>
    public ControlFlowBuilder DefineGraph(string name, ReadOnlySpan<(string Name, TypeId Type)> parameters, TypeId result, CallingConvention convention = CallingConvention.Auto)
    {
        var types = new TypeId[parameters.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = parameters[i].Type;
        ControlFlowBuilder builder = BuildGraph(AddFunction(name, Types.Function(types, result, convention)));
        for (int i = 0; i < types.Length; i++)
            builder.Code.SetName(builder.Code.Parameter(i), parameters[i].Name);
        return builder;
    }

    /// <summary>Starts the body of a function as a graph of blocks.</summary>
    public ControlFlowBuilder BuildGraph(AirFunction function) => new(this, function);

    /// <summary>Adds a function that is defined elsewhere.</summary>
    /// <param name="name">What the linker looks for.</param>
    /// <param name="functionType">Its type.</param>
    /// <param name="importModule">The host's module for it, when it comes from the host.</param>
    /// <param name="importField">The host's name for it, when that is another one.</param>
    public AirFunction DeclareFunction(string name, TypeId functionType, string? importModule = null, string? importField = null)
    {
        CheckFunctionType(functionType);
        return Items.Add(name, id => new AirFunction(id, name, functionType)
        {
            IsDeclaration = true,
            Linkage = Linkage.Strong,
            ImportModule = importModule,
            ImportField = importField,
        });
    }

    // ---- Variables ----

    public AirVariable DefineVariable(string name, TypeId type, ValueId initial) => AddVariable(name, type, OptionalId<ValueId>.Some(initial), isConst: false);

    /// <summary>Adds a constant that has a name and an address.</summary>
    public AirVariable DefineConstant(string name, TypeId type, ValueId value) => AddVariable(name, type, OptionalId<ValueId>.Some(value), isConst: true);

    /// <summary>Adds a variable whose value comes later (<see cref="AirVariable.Initial"/>), so that others can point to it before.</summary>
    public AirVariable AddVariable(string name, TypeId type, OptionalId<ValueId> initial, bool isConst) =>
        Items.Add(name, id => new AirVariable(id, name, type) { Initial = initial, IsConst = isConst });

    /// <summary>Adds a variable that is defined elsewhere.</summary>
    public AirVariable DeclareVariable(string name, TypeId type, bool isConst = false) =>
        Items.Add(name, id => new AirVariable(id, name, type) { IsDeclaration = true, IsConst = isConst, Linkage = Linkage.Strong });

    // ---- Exports ----

    public void Export(AirItem item, string name, Linkage linkage = Linkage.Strong, Visibility visibility = Visibility.Default)
    {
        ArgumentNullException.ThrowIfNull(item);
        AirNames.Check(name);
        lock (_exports)
            _exports.Add(new AirExport(item.Id, name, linkage, visibility));
    }

    private void CheckFunctionType(TypeId functionType)
    {
        if (Types[functionType] is not FunctionType)
            throw new ArgumentException("not a function type", nameof(functionType));
    }
}
