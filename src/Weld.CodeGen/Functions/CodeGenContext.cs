using Weld.Base.Diagnostics;
using Weld.CodeGen.Abi;
using Weld.CodeGen.Constants;
using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <summary>What a worker needs for every function that it compiles. Nothing of it is shared with other workers but the module.</summary>
internal sealed class CodeGenContext
{
    public CodeGenContext(AirModule module, TypeLayouts layouts, MirSignaturePool signatures, CodeGenTarget target, DiagnosticBag diagnostics)
    {
        Module = module;
        Layouts = layouts;
        Target = target;
        Diagnostics = diagnostics;
        Facts = new TypeFactsTable(layouts);
        Abis = new AbiTable(module, Facts, signatures, target.Is64);
        Constants = new ConstantEncoder(module, layouts);
        Signatures = signatures;
    }

    public AirModule Module { get; }

    public TypeLayouts Layouts { get; }

    public CodeGenTarget Target { get; }

    public DiagnosticBag Diagnostics { get; }

    public TypeFactsTable Facts { get; }

    public AbiTable Abis { get; }

    public ConstantEncoder Constants { get; }

    public MirSignaturePool Signatures { get; }
}
