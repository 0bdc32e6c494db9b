using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Fuzz.Mutation;

/// <summary>Finds the fields of a section, so that mutations hit what readers look at and not only bytes between.</summary>
/// <remarks>Knows the format on its own, so that it does not share the mistakes of the readers it tests. What it cannot
/// follow any more, because an earlier mutation is in the way, has no fields.</remarks>
public ref struct FieldFinder
{
    private readonly List<Field> _fields = [];
    private WasmReader _reader;
    private int _enclosing = -1;

    private FieldFinder(byte[] contents) => _reader = new WasmReader(contents);

    public static List<Field> Find(Part part)
    {
        var finder = new FieldFinder(part.Contents);
        try
        {
            finder.Section(part);
        }
        catch (MalformedInputException)
        {
        }
        return finder._fields;
    }

    private void Section(Part part)
    {
        switch ((SectionId)part.Id)
        {
            case SectionId.Custom:
                Custom(part.CustomName);
                break;
            case SectionId.Type:
                List(static (ref FieldFinder f) => { f.Tag(); f.ValueTypes(); f.ValueTypes(); });
                break;
            case SectionId.Import:
                List(static (ref FieldFinder f) => { f.Name(); f.Name(); f.ImportType(f.Tag()); });
                break;
            case SectionId.Function:
                List(static (ref FieldFinder f) => f.Number());
                break;
            case SectionId.Table:
                List(static (ref FieldFinder f) => { f.Tag(); f.Limits(); });
                break;
            case SectionId.Memory:
                List(static (ref FieldFinder f) => f.Limits());
                break;
            case SectionId.Tag:
                List(static (ref FieldFinder f) => { f.Tag(); f.Number(); });
                break;
            case SectionId.Global:
                List(static (ref FieldFinder f) => { f.Tag(); f.Tag(); f.Expression(); });
                break;
            case SectionId.Export:
                List(static (ref FieldFinder f) => { f.Name(); f.Tag(); f.Number(); });
                break;
            case SectionId.Start or SectionId.DataCount:
                Number();
                break;
            case SectionId.Element:
                List(static (ref FieldFinder f) => { f.Number(); f.Expression(); f.List(static (ref FieldFinder e) => e.Number()); });
                break;
            case SectionId.Code:
                List(static (ref FieldFinder f) => f.Body());
                break;
            case SectionId.Data:
                List(static (ref FieldFinder f) => { f.Number(); f.Expression(); f.Name(); });
                break;
        }
    }

    private void Custom(string name)
    {
        Name();
        if (name.StartsWith("reloc.", StringComparison.Ordinal))
        {
            Number();
            List(static (ref FieldFinder f) => f.RelocationEntry());
        }
        else if (name == "linking")
        {
            Number();
            while (!_reader.AtEnd)
                Subsection();
        }
        else if (name == "target_features")
        {
            List(static (ref FieldFinder f) => { f.Tag(); f.Name(); });
        }
        else if (name == "producers")
        {
            List(static (ref FieldFinder f) => { f.Name(); f.List(static (ref FieldFinder p) => { p.Name(); p.Name(); }); });
        }
    }

    private void Subsection()
    {
        int kind = Tag();
        int size = _reader.Position;
        long end = Number();
        end += _reader.Position;
        _enclosing = size;
        switch ((LinkingSubsection)kind)
        {
            case LinkingSubsection.SegmentInfo:
                List(static (ref FieldFinder f) => { f.Name(); f.Number(); f.Number(); });
                break;
            case LinkingSubsection.InitFunctions:
                List(static (ref FieldFinder f) => { f.Number(); f.Number(); });
                break;
            case LinkingSubsection.ComdatInfo:
                List(static (ref FieldFinder f) =>
                {
                    f.Name();
                    f.Number();
                    f.List(static (ref FieldFinder e) => { e.Number(); e.Number(); });
                });
                break;
            case LinkingSubsection.SymbolTable:
                List(static (ref FieldFinder f) => f.Symbol());
                break;
        }
        _enclosing = -1;
        _reader.Skip((uint)(end - _reader.Position));
    }

    private void Symbol()
    {
        var kind = (SymbolKind)Tag();
        var flags = (SymbolFlags)Number();
        bool isDefined = (flags & SymbolFlags.Undefined) == 0;
        if (kind == SymbolKind.Data)
        {
            Name();
            for (int i = 0; i < 3 && isDefined; i++)
                Number();
            return;
        }
        Number();
        if (kind != SymbolKind.Section && (isDefined || (flags & SymbolFlags.ExplicitName) != 0))
            Name();
    }

    private void RelocationEntry()
    {
        int kind = Tag();
        Number();
        Number();
        if (kind < RelocationTable.Count && RelocationTable.Get((RelocationKind)kind).HasAddend)
            Number();
    }

    private void Body()
    {
        int size = _reader.Position;
        long end = Number();
        end += _reader.Position;
        int outer = _enclosing;
        _enclosing = size;
        List(static (ref FieldFinder f) => { f.Number(); f.Tag(); });
        _enclosing = outer;
        _reader.Skip((uint)(end - _reader.Position));
    }

    private void ImportType(int kind)
    {
        switch ((ExternalKind)kind)
        {
            case ExternalKind.Function:
                Number();
                break;
            case ExternalKind.Table:
                Tag();
                Limits();
                break;
            case ExternalKind.Memory:
                Limits();
                break;
            default:
                Tag();
                Number();
                break;
        }
    }

    private void Limits()
    {
        int flags = Tag();
        Number();
        if ((flags & 1) != 0)
            Number();
    }

    private void Expression()
    {
        while (Tag() is int opcode && opcode != 0x0b)
            Number();
    }

    private delegate void Reader(ref FieldFinder finder);

    private void List(Reader entry)
    {
        int count = _reader.Position;
        for (long left = Number(); left > 0; left--)
        {
            int start = _reader.Position;
            entry(ref this);
            _fields.Add(new Field(FieldKind.Entry, start, _reader.Position - start, _enclosing, count));
        }
    }

    private void ValueTypes()
    {
        for (long left = Number(); left > 0; left--)
            Tag();
    }

    private long Number()
    {
        int start = _reader.Position;
        ulong value = 0;
        byte b;
        int shift = 0;
        do
        {
            b = _reader.ReadByte();
            value |= (ulong)(b & 0x7f) << (shift & 63);
            shift += 7;
        }
        while (b >= 0x80);
        _fields.Add(new Field(FieldKind.Number, start, _reader.Position - start, _enclosing));
        return (long)value;
    }

    private int Tag()
    {
        byte tag = _reader.ReadByte();
        _fields.Add(new Field(FieldKind.Tag, _reader.Position - 1, 1, _enclosing));
        return tag;
    }

    private void Name()
    {
        int start = _reader.Position;
        _reader.ReadName();
        _fields.Add(new Field(FieldKind.Name, start, _reader.Position - start, _enclosing));
    }
}
