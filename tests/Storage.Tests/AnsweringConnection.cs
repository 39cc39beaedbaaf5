using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace TokenActors.Storage.Tests;

/// <summary>A connection without a server: it keeps what it is sent, and answers with a table.</summary>
internal sealed class AnsweringConnection(DataTable answer) : DbConnection
{
    /// <summary>Every command that was run, with its time-out in seconds.</summary>
    public List<(string Text, int Timeout)> Sent { get; } = [];

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "x";

    public override string DataSource => "x";

    public override string ServerVersion => "x";

    public override ConnectionState State => ConnectionState.Open;

    public override void Open()
    {
    }

    public override void Close()
    {
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new Answering(this);

    private DbDataReader Answer(DbCommand command)
    {
        Sent.Add((command.CommandText, command.CommandTimeout));
        return answer.CreateDataReader();
    }

    private sealed class Answering(AnsweringConnection connection) : DbCommand
    {
        private readonly Microsoft.Data.SqlClient.SqlCommand _parameters = new();

        [AllowNull]
        public override string CommandText { get; set; } = "";

        /// <summary>The driver's own, where nobody says another.</summary>
        public override int CommandTimeout { get; set; } = 4;

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = connection;

        protected override DbParameterCollection DbParameterCollection => _parameters.Parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override void Prepare()
        {
        }

        public override int ExecuteNonQuery()
        {
            connection.Answer(this).Dispose();
            return 0;
        }

        public override object? ExecuteScalar()
        {
            using var reader = connection.Answer(this);
            return reader.Read() ? reader.GetValue(0) : null;
        }

        protected override DbParameter CreateDbParameter() => _parameters.CreateParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => connection.Answer(this);

        protected override void Dispose(bool disposing)
        {
            _parameters.Dispose();
            base.Dispose(disposing);
        }
    }
}
