using System.Globalization;
using System.Text;
using Weld.Air;
using Weld.Air.Building;
using Weld.Air.Instructions;
using Weld.Air.Items;
using Weld.Air.Types;

namespace Weld.CodeGen.Bench;

/// <summary>The same functions as AIR and as LLVM IR: loops over memory, arithmetic, comparisons, branches and calls, as an
/// unoptimised front end makes them, with each variable on the stack.</summary>
internal sealed class ProgramGenerator
{
    private const int Variables = 8;

    private readonly AirModule _module = new();
    private readonly StringBuilder _llvm = new();
    private readonly int _statements;
    private uint _state = 12345;
    private FunctionBuilder _f = null!;
    private Operand[] _places = [];
    private AirFunction? _callee;
    private int _name;

    private ProgramGenerator(int statements) => _statements = statements;

    public static (AirModule Module, string Llvm, long Instructions) Make(int functions, int statements)
    {
        var generator = new ProgramGenerator(statements);
        generator._llvm.Append("target triple = \"wasm32-unknown-unknown\"\n");
        long count = 0;
        for (int i = 0; i < functions; i++)
            count += generator.AddFunction(i);
        return (generator._module, generator._llvm.ToString(), count);
    }

    private int AddFunction(int number)
    {
        string name = $"f{number}";
        _f = _module.DefineFunction(name, [TypeId.I32, TypeId.I32], TypeId.I32);
        _name = 0;
        Line($"define i32 @{name}(i32 %p0, i32 %p1) {{");
        _places = new Operand[Variables];
        for (int i = 0; i < Variables; i++)
        {
            _places[i] = _f.Alloc(TypeId.I32);
            Line($"  %v{i} = alloca i32");
        }
        for (int i = 0; i < Variables; i++)
        {
            _f.Store(_places[i], _f.Parameter(i & 1));
            Line($"  store i32 %p{i & 1}, ptr %v{i}");
        }
        for (int i = 0; i < _statements; i++)
            Statement(i);
        (Operand result, string text) = Load(0);
        _f.Ret(result);
        Line($"  ret i32 {text}\n}}");
        int count = _f.Count;
        AirFunction function = _f.Finish();
        _module.Export(function, name);
        _callee = function;
        return count;
    }

    private void Statement(int number)
    {
        switch (Next(10))
        {
            case < 6:
                Assign();
                break;
            case < 8:
                If();
                break;
            case 8:
                CountDown();
                break;
            default:
                if (_callee is not null && number % 4 == 0)
                    Call(_callee);
                else
                    Assign();
                break;
        }
    }

    private void Assign()
    {
        (Operand x, string a) = Load(Next(Variables));
        (Operand y, string b) = Load(Next(Variables));
        (Operand value, string text) = Next(5) switch
        {
            0 => (_f.AddWrap(x, y), Define($"add i32 {a}, {b}")),
            1 => (_f.SubWrap(x, y), Define($"sub i32 {a}, {b}")),
            2 => (_f.MulWrap(x, y), Define($"mul i32 {a}, {b}")),
            3 => (_f.Xor(x, y), Define($"xor i32 {a}, {b}")),
            _ => (_f.BitAnd(x, _f.Constant(TypeId.I32, 0xffff)), Define($"and i32 {a}, 65535")),
        };
        StoreTo(Next(Variables), value, text);
    }

    private void If()
    {
        (Operand x, string a) = Load(Next(Variables));
        (Operand y, string b) = Load(Next(Variables));
        string condition = Define($"icmp slt i32 {a}, {b}");
        int label = _name++;
        Line($"  br i1 {condition}, label %then{label}, label %else{label}\nthen{label}:");
        _f.If(
            _f.CmpLt(x, y),
            () =>
            {
                Assign();
                Line($"  br label %end{label}\nelse{label}:");
            },
            () =>
            {
                Assign();
                Line($"  br label %end{label}\nend{label}:");
            });
    }

    private void CountDown()
    {
        int label = _name++;
        Operand i = _f.Alloc(TypeId.I32);
        Line($"  %i{label} = alloca i32\n  store i32 10, ptr %i{label}\n  br label %loop{label}\nloop{label}:");
        _f.Store(i, _f.Constant(TypeId.I32, 10));
        _f.Block(end => _f.Loop(_ =>
        {
            Operand now = _f.Load(i);
            string text = Define($"load i32, ptr %i{label}");
            string isDone = Define($"icmp eq i32 {text}, 0");
            Line($"  br i1 {isDone}, label %done{label}, label %body{label}\nbody{label}:");
            _f.If(_f.CmpEq(now, _f.Constant(TypeId.I32, 0)), () => _f.Br(end));
            Assign();
            string less = Define($"sub i32 {text}, 1");
            _f.Store(i, _f.SubWrap(now, _f.Constant(TypeId.I32, 1)));
            Line($"  store i32 {less}, ptr %i{label}\n  br label %loop{label}\ndone{label}:");
        }));
    }

    private void Call(AirFunction callee)
    {
        (Operand x, string a) = Load(Next(Variables));
        (Operand y, string b) = Load(Next(Variables));
        StoreTo(Next(Variables), _f.Call(callee, x, y), Define($"call i32 @{callee.Name}(i32 {a}, i32 {b})"));
    }

    private (Operand, string) Load(int variable) => (_f.Load(_places[variable]), Define($"load i32, ptr %v{variable}"));

    private void StoreTo(int variable, Operand value, string text)
    {
        _f.Store(_places[variable], value);
        Line($"  store i32 {text}, ptr %v{variable}");
    }

    private string Define(string text)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"%t{_name++}");
        Line($"  {name} = {text}");
        return name;
    }

    private void Line(string text) => _llvm.Append(text).Append('\n');

    private int Next(int limit)
    {
        _state = unchecked((_state * 1664525) + 1013904223);
        return (int)((_state >> 8) % (uint)limit);
    }
}
