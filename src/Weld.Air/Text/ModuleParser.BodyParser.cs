using System.Runtime.InteropServices;
using Weld.Air.Building;

namespace Weld.Air.Text;

/// <content>Bodies of functions.</content>
internal sealed partial class ModuleParser
{
    /// <summary>Parses the body of one function: line by line, with the open bodies on a stack.</summary>
    private sealed partial class BodyParser
    {
        private readonly ModuleParser _parser;
        private readonly AirModule _module;
        private readonly AirFunction _function;
        private readonly FunctionBuilder _builder;
        private readonly OperandTypes _types;
        private readonly Dictionary<string, InstructionId> _names = new(StringComparer.Ordinal);
        private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
        private readonly List<int> _positions = [];
        private readonly List<int> _words = [];
        private readonly Stack<Open> _open = new();

        public BodyParser(ModuleParser parser, AirFunction function, List<(Token Name, TypeId Type)> parameters)
        {
            _parser = parser;
            _module = parser._module;
            _function = function;
            _builder = _module.Build(function);
            _types = new OperandTypes(_module, _builder.FunctionType, _builder);
            for (int i = 0; i < parameters.Count; i++)
            {
                _positions.Add(parameters[i].Name.Start);
                if (parameters[i].Name.Kind == TokenKind.Local)
                    DefineName(parameters[i].Name, _builder.Parameter(i));
            }
        }

        private enum Part
        {
            Body,
            Cases,
            Case,
            Else,
        }

        /// <summary>A brace that is open.</summary>
        /// <param name="Part">What it is around.</param>
        /// <param name="Opcode">Whose it is.</param>
        /// <param name="Number">Which body of the instruction.</param>
        private readonly record struct Open(Part Part, AirOpcode Opcode, int Number);

        public void Read()
        {
            _parser.Take();
            while (true)
            {
                bool isInCases = _open.TryPeek(out Open open) && open.Part == Part.Cases;
                if (_parser.Current.Kind == TokenKind.CloseBrace)
                {
                    _parser.Take();
                    if (_open.Count == 0)
                        break;
                    if (!CloseBody(_open.Pop()))
                        return;
                    continue;
                }
                if (_parser.Current.Kind == TokenKind.End || (_parser.StartsItem() && _parser._source.Locate(_parser.Current.Start).Column == 1))
                {
                    _parser.FailAtToken(SyntaxErrors.Unexpected, "} expected: a body does not end");
                    return;
                }
                int start = _parser._at;
                if (!(isInCases ? ReadCase() : ReadInstruction()))
                    SkipStatement(start);
            }
            _builder.Finish();
            _parser._positions.Add(_function.Id, _positions);
            if (_parser.Current.Kind != TokenKind.End && !_parser.StartsItem())
                _parser.FailAtToken(SyntaxErrors.Unexpected, "the next item expected");
        }

        /// <summary>Goes behind a statement that could not be read, with the bodies in it.</summary>
        private void SkipStatement(int start)
        {
            _parser._at = start;
            int depth = 0;
            do
            {
                TokenKind kind = _parser.Current.Kind;
                if (kind == TokenKind.End || (kind == TokenKind.CloseBrace && depth == 0))
                    return;
                depth += kind switch { TokenKind.OpenBrace => 1, TokenKind.CloseBrace => -1, _ => 0 };
                Token token = _parser.Take();
                if (token.Kind == TokenKind.Local && _parser._at == start + 1)
                    Lose(token);
            }
            while (depth > 0 || !_parser.Current.IsFirstOnLine);
        }

        private bool CloseBody(Open open)
        {
            switch (open.Part)
            {
                case Part.Cases:
                    _builder.EndSwitch();
                    return true;
                case Part.Case:
                    _builder.EndCase();
                    return true;
                case Part.Else:
                    return true;
                default:
                    _builder.EndBody();
                    break;
            }
            if (open.Opcode != AirOpcode.CondBr || open.Number != 0)
                return true;
            _open.Push(open with { Number = 1 });
            if (!_parser.TryTakeWord("else"))
                return _parser.FailHere(SyntaxErrors.Unexpected, "else expected");
            return _parser.Expect(TokenKind.OpenBrace, "{");
        }

        // ---- Names ----

        private void DefineName(Token token, InstructionId instruction)
        {
            ReadOnlySpan<char> key = Key(token);
            if (!_names.GetAlternateLookup<ReadOnlySpan<char>>().TryAdd(key, instruction))
                _parser.Fail(SyntaxErrors.Redefinition, token.Start, $"there is a {key} in the function already");
            // A number says only the order; printing makes its own.
            if (!(key.Length > 1 && char.IsAsciiDigit(key[1])))
                SetName(token, instruction);
        }

        private void SetName(Token token, InstructionId instruction)
        {
            if (_parser.TryName(token, out string? name))
                _builder.SetName(instruction, name);
        }

        /// <summary>The text of a name, with its sign; quoted only if it has to be, as a name that looks like a number.</summary>
        private ReadOnlySpan<char> Key(Token token)
        {
            ReadOnlySpan<char> text = _parser.TextOf(token);
            if (text[1] != '"' || !_parser.TryName(token, out string? name))
                return text;
            return name.Length > 0 && char.IsAsciiDigit(name[0]) ? $"%\"{name}\"" : $"%{name}";
        }

        /// <summary>Remembers a name whose instruction could not be read, so that its uses are not reported too.</summary>
        private void Lose(Token token) => _lost.Add(Key(token).ToString());

        private bool TryTakeLocal(out InstructionId instruction)
        {
            Token token = _parser.Take();
            ReadOnlySpan<char> key = Key(token);
            if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out instruction))
                return true;
            return _lost.Contains(key.ToString()) ? _parser.Fail() : _parser.Fail(SyntaxErrors.UnknownName, token.Start, $"there is no {_parser.TextOf(token)} before here");
        }

        // ---- Instructions ----

        private bool ReadInstruction()
        {
            int position = _parser.Current.Start;
            Token name = default;
            if (_parser.Current.Kind == TokenKind.Local)
            {
                name = _parser.Take();
                if (!_parser.Expect(TokenKind.Equal, "="))
                    return false;
            }
            Token word = _parser.Current;
            if (word.Kind != TokenKind.Word)
                return _parser.FailAtToken(SyntaxErrors.Unexpected, "an instruction expected");
            if (!AirOpcodeTable.TryFind(_parser.TextOf(word), out AirOpcode opcode) || opcode == AirOpcode.Arg)
                return _parser.Fail(SyntaxErrors.UnknownName, word.Start, $"there is no instruction {_parser.TextOf(word)}");
            _parser.Take();
            OpcodeInfo info = AirOpcodeTable.Get(opcode);
            if (info.IsLabel && name.Kind != TokenKind.Local && HasMore && _parser.Current.Kind == TokenKind.Local)
                name = _parser.Take();
            return TryWrittenType(info, out TypeId subject, out TypeId result)
                && TryOperands(info, subject)
                && Emit(info, subject, result, name, position);
        }

        /// <summary>Whether the line goes on.</summary>
        private bool HasMore => !_parser.Current.IsFirstOnLine && _parser.Current.Kind is not (TokenKind.End or TokenKind.CloseBrace);

        /// <param name="info">The instruction.</param>
        /// <param name="subject">The written type.</param>
        /// <param name="result">The same, or for an alloc, the pointer to it.</param>
        private bool TryWrittenType(OpcodeInfo info, out TypeId subject, out TypeId result)
        {
            subject = TypeId.Void;
            result = TypeId.Void;
            if (info.Written == WrittenType.None || (info.Written == WrittenType.ResultUnlessVoid && !_parser.StartsType(_parser.Current)))
                return true;
            int? alignment = info.Written == WrittenType.ResultPointee && _parser.TryTakeWord("align") ? _parser.TakeAlignment() : 0;
            if (alignment is null)
                return false;
            if (!HasMore)
                return _parser.FailHere(SyntaxErrors.Unexpected, "a type expected");
            if (_parser.ReadType(2) is not { } type)
                return false;
            subject = type;
            result = info.Written == WrittenType.ResultPointee ? _module.Types.Pointer(type, alignment: alignment.Value) : type;
            return true;
        }

        private bool TryOperands(OpcodeInfo info, TypeId subject)
        {
            _words.Clear();
            for (int i = 0; i < info.Operands.Length; i++)
            {
                OperandSpec spec = info.Operands[i];
                if (spec.Kind is OperandKind.Body or OperandKind.Cases)
                    return true;
                if (spec.Kind == OperandKind.Values)
                    return TryList(info, spec, subject, i);
                if (IsLeftOut(spec, subject))
                    _words.Add(((Operand)ValueId.Void).Raw);
                else if ((i > 0 && !TakeComma()) || !TryOperand(spec, subject))
                    return false;
            }
            return true;
        }

        private bool TakeComma() => HasMore ? _parser.Expect(TokenKind.Comma, ",") : _parser.FailHere(SyntaxErrors.Unexpected, ", and an operand expected");

        /// <summary>A last operand that is void need not be written.</summary>
        private bool IsLeftOut(OperandSpec spec, TypeId subject) =>
            !HasMore && spec.Type is OperandTypeRule.FunctionResult or OperandTypeRule.LabelResult
            && !HasMore && _types.TryGetExpected(spec.Type, subject, Words, 0, out TypeId type) && (type == TypeId.Void || type == TypeId.NoReturn);

        private ReadOnlySpan<int> Words => CollectionsMarshal.AsSpan(_words);

        /// <summary>Arguments in parentheses for calls; for the others, all that the line has.</summary>
        private bool TryList(OpcodeInfo info, OperandSpec spec, TypeId subject, int fixedCount)
        {
            bool isCall = info.Result == ResultRule.CallResult;
            if (isCall && !_module.Types.TryGetFunction(_types.TypeOf(Operand.FromRaw(_words[0])), out _))
                return _parser.Fail(SyntaxErrors.TypeMismatch, _parser._tokens[_parser._at - 1].Start, "neither a function nor a pointer to one");
            if (isCall && !_parser.Expect(TokenKind.OpenParenthesis, "("))
                return false;
            for (int index = 0; isCall ? !_parser.TryTake(TokenKind.CloseParenthesis) : HasMore; index++)
            {
                bool needsComma = isCall ? index > 0 : index > 0 || fixedCount > 0;
                if (needsComma && !_parser.Expect(TokenKind.Comma, isCall ? ", or )" : ","))
                    return false;
                if (!TryValue(spec, subject, index))
                    return false;
            }
            return true;
        }

        private bool TryOperand(OperandSpec spec, TypeId subject)
        {
            if (!HasMore)
                return _parser.FailHere(SyntaxErrors.Unexpected, $"an operand ({spec.Name}) expected");
            return spec.Kind switch
            {
                OperandKind.Value => TryValue(spec, subject, 0),
                OperandKind.Number => _parser.TakeNumber("a number", 0, int.MaxValue) is { } number && Add((int)number),
                OperandKind.Type => _parser.ReadType(1) is { } type && Add(type.Index),
                OperandKind.Item => _parser.TryTakeItem(out AirItem? item) && Add(item.Id.Index),
                OperandKind.Label => TryLabel(),
                OperandKind.Name => _parser.TryTakeString("a text in quotes", out string? name) && Add(_module.Names.Intern(name).Index),
                OperandKind.Lanes => TryLanes(),
                OperandKind.CompareOperator => TryEnum<CompareOperator>(spec),
                OperandKind.RmwOperator => TryEnum<RmwOperator>(spec),
                OperandKind.ReduceOperator => TryEnum<ReduceOperator>(spec),
                _ => TryEnum<MemoryOrder>(spec),
            };
        }

        private bool Add(int word)
        {
            _words.Add(word);
            return true;
        }

        private bool TryLabel()
        {
            if (_parser.Current.Kind != TokenKind.Local)
                return _parser.FailHere(SyntaxErrors.Unexpected, "the name of a block or loop, with %, expected");
            return TryTakeLocal(out InstructionId label) && Add(label.Index);
        }

        private bool TryEnum<T>(OperandSpec spec)
            where T : struct, Enum
        {
            if (_parser.Current.Kind == TokenKind.Word && OperatorNames.TryParse(_parser.TextOf(_parser.Current), out T value))
            {
                _parser.Take();
                return Add(Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture));
            }
            return _parser.FailHere(SyntaxErrors.Unexpected, $"{spec.Name} expected: {OperatorNames.All<T>()}");
        }

        private bool TryLanes()
        {
            if (!_parser.Expect(TokenKind.OpenBracket, "["))
                return false;
            while (!_parser.TryTake(TokenKind.CloseBracket))
            {
                if (_parser.Current.Kind == TokenKind.OpenParenthesis)
                {
                    if (_parser.ReadTypedValue(1) is not { } constant)
                        return false;
                    _words.Add(ShuffleLane.FromConstant(constant).Raw);
                }
                else if (_parser.TakeNumber("a lane", 0, int.MaxValue) is { } lane)
                {
                    _words.Add((int)lane);
                }
                else
                {
                    return false;
                }
                if (!_parser.TryTake(TokenKind.Comma) && _parser.Current.Kind != TokenKind.CloseBracket)
                    return _parser.FailHere(SyntaxErrors.Unexpected, ", or ] expected");
            }
            return true;
        }

        private bool TryValue(OperandSpec spec, TypeId subject, int index)
        {
            Token token = _parser.Current;
            Operand operand;
            if (token.Kind == TokenKind.Local)
            {
                if (!TryTakeLocal(out InstructionId instruction))
                    return false;
                operand = instruction;
            }
            else if (ReadConstant(spec, subject, index) is { } value)
            {
                operand = value;
            }
            else
            {
                return false;
            }
            // The written type is not kept beside the operand's own; so they must be the same.
            if (spec.Type == OperandTypeRule.Subject && _types.TypeOf(operand) != subject)
            {
                return _parser.Fail(SyntaxErrors.TypeMismatch, token.Start,
                    $"{_parser.TextOf(token)} is of type {AirText.Print(_module, _types.TypeOf(operand))}, not {AirText.Print(_module, subject)}");
            }
            return Add(operand.Raw);
        }

        private ValueId? ReadConstant(OperandSpec spec, TypeId subject, int index) =>
            _types.TryGetExpected(spec.Type, subject, Words, index, out TypeId type)
                ? _parser.ReadValue(type, 1)
                : _parser.ReadSelfTypedValue();
    }
}
