using System.Numerics;
using Weld.Base;

namespace Weld.Linker.Diagnostics;

/// <summary>How a name resembles the one that was looked for, the most telling first.</summary>
public enum NearNameKind
{
    /// <summary>Only letters' case differs.</summary>
    Case,

    /// <summary>One has a leading underscore more.</summary>
    Underscore,

    /// <summary>One is the C name of a function, the other its C++ name: <c>extern "C"</c> is missing or too much.</summary>
    Mangling,

    /// <summary>The same C++ function name with other parameter types, or the same Rust path with another hash.</summary>
    Signature,

    /// <summary>A few letters are missing, wrong, too much or exchanged.</summary>
    Spelling,
}

/// <summary>A suggestion.</summary>
public readonly record struct NearName(Utf8String Name, NearNameKind Kind);

/// <summary>Finds what the user may have meant by a name that nothing defines.</summary>
/// <remarks>Made for millions of names: a name's length and the set of its characters, as 64 bits, rule out nearly all of
/// them, for an edit changes at most two members of that set.</remarks>
public sealed class NearNames
{
    // A distance is worth its time, and its suggestion anyone's, only for names that people write.
    private const int LengthLimit = 512;
    private const int DistanceLimit = 3;

    private readonly List<Utf8String> _names = [];
    private readonly List<ulong> _characters = [];

    /// <param name="candidates">The names to choose from; of equally good ones, the first is taken.</param>
    public NearNames(IEnumerable<Utf8String> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        foreach (Utf8String name in candidates)
        {
            _names.Add(name);
            _characters.Add(CharactersOf(name.Bytes));
        }
    }

    /// <summary>The best suggestion for one name; for several, make one <see cref="NearNames"/>.</summary>
    public static NearName? Find(Utf8String name, IEnumerable<Utf8String> candidates) => new NearNames(candidates).Find(name);

    /// <summary>The candidate that resembles <paramref name="name"/> most, or null when none does.</summary>
    public NearName? Find(Utf8String name)
    {
        ReadOnlySpan<byte> wanted = name.Bytes;
        ulong characters = CharactersOf(wanted);
        MangledName mangled = MangledName.Parse(wanted);
        ulong baseCharacters = CharactersOf(mangled.Base(wanted));
        int allowed = AllowedDistance(wanted.Length);
        int best = -1;
        int bestRank = int.MaxValue;
        for (int i = 0; i < _names.Count; i++)
        {
            // Everything similar has the wanted characters, except for a few, or at least those of the identifier in it.
            ulong other = _characters[i];
            int difference = BitOperations.PopCount(characters ^ other);
            if (difference > 2 * Math.Max(allowed, 1) && (baseCharacters & ~other) != 0)
                continue;
            int rank = Rank(wanted, mangled, _names[i].Bytes, allowed);
            if (rank < bestRank)
                (best, bestRank) = (i, rank);
        }
        return best < 0 ? null : new NearName(_names[best], (NearNameKind)(bestRank / (DistanceLimit + 1)));
    }

    /// <summary>Orders by kind, then by distance.</summary>
    private static int Rank(ReadOnlySpan<byte> wanted, MangledName mangled, ReadOnlySpan<byte> candidate, int allowed)
    {
        NearNameKind? kind = Relation(wanted, mangled, candidate);
        if (kind is NearNameKind known)
            return (int)known * (DistanceLimit + 1);
        int distance = Math.Abs(wanted.Length - candidate.Length) > allowed ? int.MaxValue : Distance(wanted, candidate, allowed);
        return distance == 0 || distance > allowed ? int.MaxValue : ((int)NearNameKind.Spelling * (DistanceLimit + 1)) + distance;
    }

    private static NearNameKind? Relation(ReadOnlySpan<byte> wanted, MangledName mangled, ReadOnlySpan<byte> candidate)
    {
        if (wanted.Length == candidate.Length)
        {
            if (wanted.SequenceEqual(candidate))
                return null;
            if (System.Text.Ascii.EqualsIgnoreCase(wanted, candidate))
                return NearNameKind.Case;
        }
        else if (IsUnderscored(wanted, candidate) || IsUnderscored(candidate, wanted))
        {
            return NearNameKind.Underscore;
        }
        if (mangled.IsMangled)
        {
            if (candidate.SequenceEqual(mangled.Base(wanted)))
                return NearNameKind.Mangling;
            bool isSameFunction = candidate.StartsWith(mangled.Prefix(wanted)) && MangledName.Parse(candidate).PrefixLength == mangled.PrefixLength;
            return isSameFunction ? NearNameKind.Signature : null;
        }
        MangledName other = MangledName.Parse(candidate);
        return other.IsMangled && wanted.SequenceEqual(other.Base(candidate)) ? NearNameKind.Mangling : null;
    }

    private static bool IsUnderscored(ReadOnlySpan<byte> longer, ReadOnlySpan<byte> shorter) =>
        !shorter.IsEmpty && longer.Length == shorter.Length + 1 && longer[0] == '_' && longer[1..].SequenceEqual(shorter);

    /// <summary>Short names are near to everything, so they may differ less.</summary>
    private static int AllowedDistance(int length) => length > LengthLimit ? 0 : Math.Min((length + 1) / 4, DistanceLimit);

    /// <summary>The edits (insert, remove, replace, exchange neighbours) between two names; more than <paramref name="limit"/> when that is reached.</summary>
    private static int Distance(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int limit)
    {
        int prefix = left.CommonPrefixLength(right);
        left = left[prefix..];
        right = right[prefix..];
        while (!left.IsEmpty && !right.IsEmpty && left[^1] == right[^1])
        {
            left = left[..^1];
            right = right[..^1];
        }

        // Three rows of the table; only cells near the diagonal can be within the limit, the others stay above it.
        Span<int> beforeLast = stackalloc int[right.Length + 1];
        Span<int> last = stackalloc int[right.Length + 1];
        Span<int> row = stackalloc int[right.Length + 1];
        last.Fill(limit + 1);
        for (int j = 0; j <= Math.Min(right.Length, limit); j++)
            last[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            row.Fill(limit + 1);
            int nearest = limit + 1;
            for (int j = Math.Max(0, i - limit); j <= Math.Min(right.Length, i + limit); j++)
            {
                row[j] = j == 0 ? i : Cell(left, right, i, j, beforeLast, last, row);
                nearest = Math.Min(nearest, row[j]);
            }
            if (nearest > limit)
                return nearest;
            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[right.Length];
    }

    private static int Cell(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int i, int j, ReadOnlySpan<int> beforeLast, ReadOnlySpan<int> last, ReadOnlySpan<int> row)
    {
        int cost = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        cost = Math.Min(cost, Math.Min(last[j], row[j - 1]) + 1);
        bool isExchange = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return isExchange ? Math.Min(cost, beforeLast[j - 2] + 1) : cost;
    }

    /// <summary>The set of characters of a name, letters of either case being one. Rare characters share bits.</summary>
    private static ulong CharactersOf(ReadOnlySpan<byte> name)
    {
        ulong set = 0;
        foreach (byte b in name)
            set |= 1UL << CharacterBit(b);
        return set;
    }

    private static int CharacterBit(byte b) => b switch
    {
        >= (byte)'a' and <= (byte)'z' => b - 'a',
        >= (byte)'A' and <= (byte)'Z' => b - 'A',
        >= (byte)'0' and <= (byte)'9' => 26 + b - '0',
        (byte)'_' => 36,
        _ => 37 + (b % 27),
    };

    /// <summary>The parts of a C++ name (Itanium ABI) or an old-style Rust name that need no demangler: plain identifiers in namespaces.</summary>
    private readonly record struct MangledName(int PrefixLength, int BaseStart, int BaseLength)
    {
        private const int RustHashLength = 17;

        public bool IsMangled => BaseLength > 0;

        /// <summary>All up to the parameter types.</summary>
        public ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> name) => name[..PrefixLength];

        /// <summary>The function's own identifier; all of a name that is not mangled.</summary>
        public ReadOnlySpan<byte> Base(ReadOnlySpan<byte> name) => IsMangled ? name.Slice(BaseStart, BaseLength) : name;

        public static MangledName Parse(ReadOnlySpan<byte> name)
        {
            if (!name.StartsWith("_Z"u8))
                return default;
            bool isNested = name.Length > 2 && name[2] == 'N';
            int position = isNested ? SkipQualifiers(name, 3) : 2;
            var result = default(MangledName);
            while (TryReadIdentifier(name, position, out int start, out int length))
            {
                position = start + length;
                bool isRustHash = isNested && length == RustHashLength && name[start] == 'h' && result.IsMangled;
                if (isRustHash)
                    break;
                result = new MangledName(position, start, length);
                if (!isNested)
                    return result;
            }
            bool isComplete = result.IsMangled && position < name.Length && name[position] == 'E';
            return isComplete ? result : default;
        }

        private static int SkipQualifiers(ReadOnlySpan<byte> name, int position)
        {
            while (position < name.Length && name[position] is (byte)'r' or (byte)'V' or (byte)'K' or (byte)'R' or (byte)'O')
                position++;
            return position;
        }

        private static bool TryReadIdentifier(ReadOnlySpan<byte> name, int position, out int start, out int length)
        {
            length = 0;
            for (start = position; start < name.Length && char.IsAsciiDigit((char)name[start]) && length <= name.Length; start++)
                length = (length * 10) + name[start] - '0';
            return length > 0 && length <= name.Length - start;
        }
    }
}
